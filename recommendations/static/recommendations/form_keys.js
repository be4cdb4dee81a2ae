// Keys that press the buttons of a long form: Ctrl or ⌘ with what a button names in data-keys.
// They do nothing where shortcuts are turned off.
const KEPT = "tracker-shortcuts-off";

function areOff() {
  try {
    return localStorage.getItem(KEPT) === "1";
  } catch {
    return false;
  }
}

function keysOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.shiftKey ? `Shift ${key}` : key;
}

const ONE_LINE = "input:not([type=checkbox], [type=radio], [type=submit], [type=button])";

function onKey(form, event) {
  const isPlain = !(event.ctrlKey || event.metaKey || event.isComposing);
  if (event.key === "Enter" && isPlain && form.contains(event.target)) {
    // Enter in a field would press the first button of the form.
    if (event.target.matches(ONE_LINE)) event.preventDefault();
    return;
  }
  if (event.defaultPrevented || event.isComposing || event.repeat || event.altKey) return;
  if (!(event.ctrlKey || event.metaKey) || areOff()) return;
  if (document.querySelector("dialog[open]")) return;
  const keys = CSS.escape(keysOf(event));
  const button = form.querySelector(`button[data-keys="${keys}"]`);
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

for (const form of document.querySelectorAll("form[data-form-keys]")) {
  document.addEventListener("keydown", (event) => onKey(form, event));
  document.getElementById("form-keys").hidden = areOff();
}
