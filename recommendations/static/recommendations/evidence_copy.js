// Has copies made of what items of evidence cite, beside the form: nothing that is being typed is
// touched. Each button works without this too, as one that sends the form.

const FIRST_PAUSE = 1500;
const LONGEST_PAUSE = 10000;
const SLOWER = 1.3;

const form = document.getElementById("log");
const field = (box, name) => box.querySelector(`[name$="-${name}"]`);
const boxOf = (element) => element.closest("[data-item]");

function write(input, value) {
  input.value = value;
  const details = input.closest("details");
  if (details) details.open = true;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// How often each item was asked about: an answer that another overtook is of no use.
const turns = new WeakMap();

/** Ask the server for what stands beside an item, and have a copy made if `isAsked`. */
async function partOf(box, isAsked) {
  const turn = (turns.get(box) ?? 0) + 1;
  turns.set(box, turn);
  const answer = await asked(box, isAsked);
  return turns.get(box) === turn ? answer : null;
}

async function asked(box, isAsked) {
  const said = {
    url: field(box, "url").value.trim(),
    prefix: field(box, "url").name.replace(/-url$/, ""),
    chosen: field(box, "capture_sha256").value,
  };
  const query = new URLSearchParams(said);
  if (!isAsked) return fetch(`${form.dataset.copies}?${query}`);
  return send(form.dataset.copies, query);
}

function send(address, body) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  return fetch(address, { method: "POST", body, headers });
}

/** Put the answer in place, and return what stands there now, or nothing where there is none. */
async function show(box, answer, address) {
  if (!answer?.ok || field(box, "url").value.trim() !== address) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-copy]");
  // Whose session has ended is shown another page.
  if (!found) return null;
  const there = box.querySelector("[data-copy]");
  // A button that somebody is about to press stays.
  if (there.isEqualNode(found)) return there;
  const hadFocus = there.contains(document.activeElement);
  there.replaceWith(found);
  if (hadFocus) {
    const said = found.querySelector("[data-said]");
    said.tabIndex = -1;
    said.focus();
  }
  return found;
}

function take(box, sha256) {
  write(field(box, "capture_sha256"), sha256);
  // The form is then filled with what the source says.
  delete box.dataset.asked;
  field(box, "url").dispatchEvent(new Event("change", { bubbles: true }));
}

async function look(box, address, pause) {
  const answer = await partOf(box, false).catch(() => ({ ok: false }));
  if (!answer || field(box, "url").value.trim() !== address) return;
  const found = await show(box, answer, address);
  if (!answer.ok || found?.hasAttribute("data-is-open")) {
    wait(box, address, Math.min(pause * SLOWER, LONGEST_PAUSE));
  } else if (found?.dataset.newest && !field(box, "capture_sha256").value) {
    take(box, found.dataset.newest);
  }
}

function wait(box, address, pause) {
  setTimeout(() => look(box, address, pause), pause);
}

async function ask(box) {
  const address = field(box, "url").value.trim();
  const answer = await partOf(box, true);
  if (!answer) return;
  if (!answer.ok) throw new Error(answer.statusText);
  const found = await show(box, answer, address);
  if (found?.hasAttribute("data-is-open")) wait(box, address, FIRST_PAUSE);
}

async function quote(box, button) {
  const quoting = button.closest("[data-quote]");
  const query = new URLSearchParams({
    url: field(box, "url").value.trim(),
    chosen: field(box, "capture_sha256").value,
    passage: field(box, "passage").value,
  });
  const answer = await send(`${form.dataset.copies}passage/`, query);
  if (!answer.ok) throw new Error(answer.statusText);
  const { quotation, problem, sha256 } = await answer.json();
  const line = quoting.querySelector("[data-problem]");
  line.querySelector("span").textContent = problem;
  line.hidden = !problem;
  if (problem) return;
  field(box, "passage").value = "";
  write(field(box, "capture_sha256"), sha256);
  write(field(box, "quotation"), quotation);
  field(box, "quotation").focus();
}

/** The text comes when somebody wants to see it: it may be long. */
async function showWords(quoting) {
  const place = quoting.querySelector("[data-words]");
  const words = place.querySelector("textarea");
  if (!quoting.open || words.value) return;
  const box = boxOf(quoting);
  const said = { url: field(box, "url").value.trim(), chosen: field(box, "capture_sha256").value };
  const answer = await fetch(`${form.dataset.copies}passage/?${new URLSearchParams(said)}`);
  if (!answer.ok) return;
  words.value = (await answer.json()).text;
  place.hidden = false;
}

const STEPS = {
  "[data-ask]": (box) => ask(box),
  "[data-take]": (box, button) => take(box, button.dataset.take),
  "[value^=quote-]": (box, button) => quote(box, button),
};

function onClick(event) {
  const button = event.target.closest("[data-copy] button");
  if (!button) return;
  const step = Object.keys(STEPS).find((selector) => button.matches(selector));
  event.preventDefault();
  // Without an answer the button sends the form, which does the same and keeps what was typed.
  Promise.resolve(STEPS[step](boxOf(button), button)).catch(() => form.requestSubmit(button));
}

async function onAddress(event) {
  if (!event.target.matches('[data-item] [name$="-url"]:not([name*="archived"])')) return;
  const box = boxOf(event.target);
  const address = event.target.value.trim();
  const found = await show(box, await partOf(box, false).catch(() => null), address);
  if (found?.hasAttribute("data-is-open")) wait(box, address, FIRST_PAUSE);
}

function onSelect(event) {
  const words = event.target;
  if (!words.matches?.("[data-words] textarea")) return;
  const passage = words.value.slice(words.selectionStart, words.selectionEnd).trim();
  if (passage) field(boxOf(words), "passage").value = passage;
}

if (form?.dataset.copies) {
  form.addEventListener("click", onClick);
  form.addEventListener("change", onAddress);
  form.addEventListener("select", onSelect);
  form.addEventListener("toggle", (event) => {
    if (event.target.matches("[data-quote]")) showWords(event.target);
  }, true);
  for (const part of form.querySelectorAll("[data-copy][data-is-open]")) {
    wait(boxOf(part), field(boxOf(part), "url").value.trim(), FIRST_PAUSE);
  }
}
