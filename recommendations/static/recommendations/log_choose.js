// Without this the button finds the actions. With it they show while typing, and the arrow keys
// walk through them. Enter takes the first one, unless another report has one that may be meant:
// then it goes to the list.
const input = document.getElementById("q");
const list = document.getElementById("found");
const said = document.getElementById("announcement");
const nothing = document.getElementById("nothing");
const cited = document.getElementById("cited");
// Letters that follow each other quicker than this are asked for together.
const PAUSE = 120;
let asked = 0;
let waiting = 0;
// What the list answers, and whether Enter may take the first of it.
let shown = { text: input.value, isCertain: "certain" in list.dataset };

function entry(action) {
  const item = document.createElement("li");
  const label = document.createElement("div");
  label.className = "num";
  label.textContent = action.label;
  const body = document.createElement("div");
  const head = document.createElement("h2");
  head.className = "what";
  const link = document.createElement("a");
  link.href = action.url;
  link.textContent = action.title;
  head.append(link);
  const meta = document.createElement("p");
  meta.className = "meta";
  const facts = [action.headline, action.report, action.status_label];
  meta.textContent = facts.filter(Boolean).join(" · ");
  body.append(head, meta);
  if (action.why) {
    const why = document.createElement("p");
    why.className = "meta";
    why.textContent = action.why;
    body.append(why);
  }
  item.append(label, body);
  return item;
}

async function suggest() {
  const mine = ++asked;
  const text = input.value;
  const address = new URL(input.form.dataset.suggestions, window.location.href);
  address.searchParams.set("q", text);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok || mine !== asked) return;
  show(text, await answer.json());
}

function show(text, found) {
  const { actions } = found;
  list.replaceChildren(...actions.map(entry));
  nothing.hidden = Boolean(actions.length) || !text.trim();
  cited.hidden = !found.cited;
  cited.textContent = found.cited ? `${cited.dataset.before} ${found.cited}` : "";
  said.textContent = actions.length ? said.dataset.some : "";
  shown = { text, isCertain: found.is_certain };
}

input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(suggest, PAUSE);
});
input.form.addEventListener("submit", async (event) => {
  if (!input.value.trim() || event.submitter?.matches(":focus")) return;
  event.preventDefault();
  clearTimeout(waiting);
  if (shown.text !== input.value) await suggest();
  if (shown.text !== input.value) {
    // There was no answer: the page says why.
    input.form.submit();
    return;
  }
  const first = list.querySelector("a");
  if (!first) return;
  if (shown.isCertain) {
    first.click();
    return;
  }
  said.textContent = said.dataset.several;
  first.focus();
});
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [input, ...list.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  if (!step || at < 0) return;
  const next = stops[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
