// Without this the button finds the actions. With it they show while typing; Enter takes the
// first one, and the arrow keys walk through them.
const input = document.getElementById("q");
const list = document.getElementById("found");
const said = document.getElementById("announcement");
let asked = 0;

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
  item.append(label, body);
  return item;
}

async function suggest() {
  const mine = ++asked;
  const address = new URL(input.form.dataset.suggestions, window.location.href);
  address.searchParams.set("q", input.value);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok || mine !== asked) return;
  const { actions } = await answer.json();
  list.replaceChildren(...actions.map(entry));
  said.textContent = actions.length ? said.dataset.some : said.dataset.none;
}

input.addEventListener("input", suggest);
input.form.addEventListener("submit", (event) => {
  const first = list.querySelector("a");
  if (!first || !input.value.trim()) return;
  event.preventDefault();
  first.click();
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
