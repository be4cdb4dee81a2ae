// The forms of the proposals work without this. With it keys lead from one to the next and press
// their buttons; none works while somebody is typing, or where shortcuts are turned off.
const KEPT = "tracker-shortcuts-off";
const NEXT = "next-proposal";
const TYPING = "input, textarea, select, [contenteditable]";
const DECISIONS = { a: "keep", d: "drop", m: "merge" };
const said = document.getElementById("proposal-place");
const proposals = [...document.querySelectorAll(".proposal")];

function areOff() {
  try {
    return localStorage.getItem(KEPT) === "1";
  } catch {
    return false;
  }
}

function here() {
  return proposals.indexOf(document.activeElement?.closest(".proposal"));
}

function visit(n) {
  const proposal = proposals[Math.min(Math.max(n, 0), proposals.length - 1)];
  if (!proposal) return;
  proposal.focus();
  proposal.scrollIntoView({ block: "nearest" });
  const place = { n: proposals.indexOf(proposal) + 1, of: proposals.length };
  said.textContent = said.dataset.said.replace(/%\((n|of)\)s/g, (_match, name) => place[name]);
}

function edit(proposal) {
  const more = proposal.querySelector("details");
  more.open = true;
  more.querySelector("textarea").focus();
}

function decide(n, decision) {
  const button = proposals[n].querySelector(`button[name=decision][value=${decision}]`);
  if (!button) return false;
  // What is merged leads to the whole; after the others the next one is looked at.
  const next = decision === "merge" ? "" : (proposals[n + 1] ?? proposals[n]).id;
  try {
    sessionStorage.setItem(NEXT, next);
  } catch {
    // Without it the one that was decided keeps the focus.
  }
  button.form.requestSubmit(button);
  return true;
}

function act(key) {
  const n = here();
  if (key === "j") visit(n + 1);
  else if (key === "k") visit(n < 0 ? 0 : n - 1);
  else if (n < 0) return false;
  else if (key === "e") edit(proposals[n]);
  else if (DECISIONS[key]) return decide(n, DECISIONS[key]);
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey || areOff()) return;
  if (document.querySelector("dialog[open]")) return;
  const editor = event.target.closest(".proposal details");
  if (event.key === "Escape" && editor && event.target.matches(TYPING)) {
    editor.open = false;
    editor.closest(".proposal").focus();
  } else if (event.target.closest(TYPING) || !act(event.key)) {
    return;
  }
  event.preventDefault();
});

function takeUp() {
  let wanted = "";
  try {
    wanted = sessionStorage.getItem(NEXT) ?? "";
    sessionStorage.removeItem(NEXT);
  } catch {
    // The address says which one was decided.
  }
  // The browser goes to what the address names by itself, and may do so after this.
  if (wanted) window.history.replaceState(null, "", `#${wanted}`);
  const named = document.getElementById(window.location.hash.slice(1));
  const n = proposals.indexOf(named);
  if (n >= 0) visit(n);
}
takeUp();
