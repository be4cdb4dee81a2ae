// The forms of the translations work without this. With it one key confirms a text and leads to the
// next, and nothing is loaded anew; none works where shortcuts are turned off.
const KEPT = "tracker-shortcuts-off";
const TYPING = "input, textarea, select, [contenteditable]";
const list = document.getElementById("translations");
const told = document.getElementById("translation-said");
const state = new URLSearchParams(window.location.search).get("state") ?? "drafted";

const rows = () => [...list.querySelectorAll("[data-row]")];
const here = () => document.activeElement?.closest("[data-row]");
const isDone = (row) => row.dataset.done === "yes";

function areOff() {
  try {
    return localStorage.getItem(KEPT) === "1";
  } catch {
    return false;
  }
}

function tell(...sentences) {
  told.textContent = sentences.filter(Boolean).join(" ");
}

function visit(row, said = "") {
  row.focus();
  row.scrollIntoView({ block: "nearest" });
  const place = { n: rows().indexOf(row) + 1, of: rows().length };
  tell(said, told.dataset.place.replace(/%\((n|of)\)s/g, (_match, name) => place[name]));
}

/** What is confirmed leaves the list, so the rows that follow begin after those that were skipped. */
function addressOfMore() {
  const left = rows().filter((row) => !isDone(row)).length;
  const address = new URL(window.location.href);
  const first = Number(address.searchParams.get("page") ?? 1);
  address.searchParams.set("page", first + Math.floor(left / Number(list.dataset.pageSize)));
  return address;
}

/** Append the rows that the server has beyond those that are here; return how many there were. */
async function loadMore() {
  const answer = await fetch(addressOfMore());
  if (!answer.ok) return 0;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const more = [...page.querySelectorAll("#translations > [data-row]")];
  const fresh = more.filter((row) => !document.getElementById(row.id));
  for (const row of fresh) {
    const n = rows().length + 1;
    row.querySelector("label").htmlFor = `w-more-${n}`;
    row.querySelector("textarea[name=words]").id = `w-more-${n}`;
    list.append(document.adoptNode(row));
  }
  return fresh.length;
}

async function visitNext(row, said = "") {
  const following = () => rows().slice(rows().indexOf(row) + 1).find((one) => !isDone(one));
  if (!following()) await loadMore().catch(() => 0);
  const next = following();
  if (next) visit(next, said);
  else tell(said, list.dataset.end);
}

function count(code, change) {
  const number = document.querySelector(`[data-state="${CSS.escape(code)}"] b`);
  if (number) number.textContent = Number(number.textContent) + change;
}

function showProblems(row, problems, theirs) {
  const box = row.querySelector(".said");
  const note = document.createElement("div");
  note.className = "note err";
  const sentences = theirs === undefined ? problems : [...problems, list.dataset.theirs];
  for (const sentence of sentences) {
    const line = document.createElement("p");
    line.textContent = sentence;
    note.append(line);
  }
  if (theirs !== undefined) {
    const words = document.createElement("p");
    words.lang = row.querySelector("textarea[name=words]").lang;
    words.textContent = theirs;
    note.append(words);
  }
  box.replaceChildren(note);
  row.querySelector("textarea[name=words]").focus();
}

function settle(row, answer) {
  const form = row.querySelector("form");
  form.elements.seen.value = answer.seen;
  const before = row.dataset.state ?? state;
  row.dataset.state = answer.state;
  count(before, -1);
  count(answer.state, 1);
  row.dataset.done = answer.state === state ? "no" : "yes";
  const line = row.querySelector("[data-outcome]") ?? document.createElement("p");
  line.dataset.outcome = "";
  line.className = "note";
  line.textContent = answer.said;
  row.querySelector(".said").replaceChildren();
  form.before(line);
  form.hidden = isDone(row);
}

async function save(form, button) {
  const row = form.closest("[data-row]");
  if (row.dataset.busy === "yes") return;
  row.dataset.busy = "yes";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form, button)),
      headers: { Accept: "application/json" },
    });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!isJson) {
      // Signed out meanwhile, or refused: the page that says so keeps what was typed.
      row.dataset.plain = "yes";
      form.requestSubmit(button);
      return;
    }
    const data = await answer.json();
    if (answer.ok) {
      settle(row, data);
      await visitNext(row, data.said);
    } else {
      if (data.seen) form.elements.seen.value = data.seen;
      showProblems(row, data.problems, data.theirs);
    }
  } catch {
    showProblems(row, [list.dataset.lost]);
  } finally {
    row.dataset.busy = "no";
  }
}

function edit(row) {
  const form = row.querySelector("form");
  form.hidden = false;
  form.elements.words.focus();
}

function act(key) {
  const row = here();
  const found = rows();
  if (!row) {
    if (!["Enter", "s", "j"].includes(key) || document.activeElement !== document.body) return false;
    const first = found.find((one) => !isDone(one));
    if (first) visit(first);
    return Boolean(first);
  }
  if (key === "k") visit(found[Math.max(found.indexOf(row) - 1, 0)]);
  else if (key === "j" || key === "s") visitNext(row);
  else if (key === "e") edit(row);
  else if (key === "Enter" && document.activeElement === row && !isDone(row)) confirmed(row);
  else return false;
  return true;
}

function confirmed(row) {
  row.querySelector("form").requestSubmit(row.querySelector("button[name=confirm]"));
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.altKey || document.querySelector("dialog[open]") || areOff()) return;
  const row = event.target.closest("[data-row]");
  const isTyping = event.target.closest(TYPING);
  if (isTyping && row && event.key === "Enter" && (event.ctrlKey || event.metaKey)) confirmed(row);
  else if (isTyping && row && event.key === "Escape") row.focus();
  else if (event.ctrlKey || event.metaKey || isTyping || !act(event.key)) return;
  event.preventDefault();
}

if (list) {
  document.getElementById("keys-hint").hidden = areOff();
  document.addEventListener("keydown", onKey);
  list.addEventListener("submit", (event) => {
    const row = event.target.closest("[data-row]");
    if (row.dataset.plain === "yes") return;
    event.preventDefault();
    save(event.target, event.submitter ?? row.querySelector("button[name=confirm]"));
  });
}
