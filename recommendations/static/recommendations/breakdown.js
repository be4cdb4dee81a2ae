// The arrows send a form without this. With it a row moves at once, keeps the focus, can be dragged
// by its handle, and Alt with an arrow key moves the row that has the focus.
const tree = document.getElementById("tree");
const said = document.getElementById("announcement");
const refusal = document.getElementById("refusal");
let version = tree.dataset.version;
let isBusy = false;

const siblings = (row) =>
  [...row.parentElement.children].filter((one) => one.dataset.group === row.dataset.group);

function refreshSteps(row) {
  const rows = siblings(row);
  rows.forEach((one, n) => {
    const [up, down] = one.querySelectorAll(":scope > .tree-line [data-step]");
    const isLast = n === rows.length - 1;
    up.value = rows[Math.max(n - 1, 0)].dataset.key;
    down.value = isLast ? one.dataset.key : (rows[n + 2]?.dataset.key ?? "");
    up.ariaDisabled = n === 0 ? "true" : null;
    down.ariaDisabled = isLast ? "true" : null;
  });
  const place = { n: rows.indexOf(row) + 1, of: rows.length };
  said.textContent = said.dataset.moved.replace(/%\((n|of)\)s/g, (_match, name) => place[name]);
}

function refuse(text) {
  refusal.querySelector("p").textContent = text;
  refusal.hidden = false;
  refusal.focus();
}

async function move(row, before) {
  if (isBusy || before === row.dataset.key) return;
  isBusy = true;
  const data = new FormData(row.querySelector(":scope > .tree-line > .tree-moves"));
  data.set("version", version);
  data.set("before", before);
  try {
    const answer = await fetch(tree.dataset.move, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    const told = await answer.json();
    if (!answer.ok) return refuse(told.said);
    version = told.version;
    place(row, before);
  } catch {
    window.location.reload();
  } finally {
    isBusy = false;
  }
}

function place(row, before) {
  const focused = document.activeElement;
  const rows = siblings(row);
  const next = rows.find((one) => one.dataset.key === before);
  const last = rows.filter((one) => one !== row).at(-1);
  if (next) next.before(row);
  else last.after(row);
  if (row.contains(focused)) focused.focus();
  for (const input of document.querySelectorAll("input[name=version]")) input.value = version;
  refreshSteps(row);
}

tree.addEventListener("submit", (event) => {
  const step = event.submitter?.dataset.step;
  if (!step) return;
  event.preventDefault();
  move(event.submitter.closest("[data-row]"), event.submitter.value);
});

tree.addEventListener("keydown", (event) => {
  const step = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const row = event.target.closest("[data-group]");
  if (!step || !event.altKey || !row) return;
  event.preventDefault();
  move(row, row.querySelector(`:scope > .tree-line [data-step=${step}]`).value);
});

// Dragging: only from the handle, only among the neighbours.
let dragged = null;
for (const handle of tree.querySelectorAll("[data-handle]")) {
  handle.hidden = false;
  handle.draggable = true;
}
tree.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-handle]")?.closest("[data-row]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.key);
});

function target(event) {
  const row = event.target.closest?.(`[data-group="${dragged?.dataset.group}"]`);
  return row && row !== dragged ? row : null;
}

function isLowerHalf(row, event) {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

tree.addEventListener("dragover", (event) => {
  for (const one of tree.querySelectorAll(".drop-before, .drop-after")) {
    one.classList.remove("drop-before", "drop-after");
  }
  const row = dragged && target(event);
  if (!row) return;
  event.preventDefault();
  row.classList.add(isLowerHalf(row, event) ? "drop-after" : "drop-before");
});

tree.addEventListener("drop", (event) => {
  const row = dragged && target(event);
  if (!row) return;
  event.preventDefault();
  const rows = siblings(dragged).filter((one) => one !== dragged);
  const at = rows.indexOf(row) + (isLowerHalf(row, event) ? 1 : 0);
  move(dragged, rows[at]?.dataset.key ?? "");
});

tree.addEventListener("dragend", () => {
  dragged = null;
  for (const one of tree.querySelectorAll(".drop-before, .drop-after")) {
    one.classList.remove("drop-before", "drop-after");
  }
});

// How many are ticked, beside what is done with them.
const ticks = document.getElementById("n-ticked");
function countTicks() {
  const n = tree.querySelectorAll("input[name=action]:checked").length;
  ticks.textContent = ticks.dataset.said.replace("%(n)s", n);
}
if (ticks) {
  tree.addEventListener("change", countTicks);
  countTicks();
}

// Who follows the link to it means to see it.
function openTicked() {
  const target = document.getElementById("ticked");
  if (target && window.location.hash === "#ticked") target.open = true;
}
window.addEventListener("hashchange", openTicked);
openTicked();
