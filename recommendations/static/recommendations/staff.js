// Keyboard shortcuts of the staff's pages. The list of them names the keys and where they lead.
// None works while somebody is typing, and each person can turn them off in this browser.
const dialog = document.getElementById("shortcuts");
const KEPT = "tracker-shortcuts-off";
const TYPING = "input, textarea, select, [contenteditable]";
const SEARCH = "main input[type=search], #searchbar";
const PATIENCE = 1500;
let pressed = "";
let pressedAt = 0;

function areOff() {
  try {
    return localStorage.getItem(KEPT) === "1";
  } catch {
    return false;
  }
}

function remember(off) {
  try {
    localStorage.setItem(KEPT, off ? "1" : "0");
  } catch {
    // A browser that keeps nothing has them on.
  }
}

function place(keys) {
  return dialog.querySelector(`[data-keys="${CSS.escape(keys)}"]`)?.dataset.address;
}

function begins(keys) {
  return dialog.querySelector(`[data-keys^="${CSS.escape(keys)} "]`) !== null;
}

function act(event) {
  if (event.key === "?") {
    dialog.showModal();
    return true;
  }
  if (event.key === "/") {
    const search = document.querySelector(SEARCH);
    search?.focus();
    return search !== null;
  }
  const isSecond = pressed && event.timeStamp - pressedAt < PATIENCE;
  const keys = isSecond ? `${pressed} ${event.key}` : event.key;
  const address = place(keys);
  pressed = !address && begins(keys) ? keys : "";
  pressedAt = event.timeStamp;
  if (address) window.location.assign(address);
  return Boolean(address);
}

function isForUs(event) {
  if (event.defaultPrevented || event.isComposing || event.repeat) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  return !dialog.open && !areOff() && !event.target.closest(TYPING);
}

if (dialog) {
  const toggle = dialog.querySelector("[data-off]");
  const tell = () => {
    toggle.textContent = areOff() ? toggle.dataset.on : toggle.dataset.off;
  };
  tell();
  toggle.addEventListener("click", () => {
    remember(!areOff());
    tell();
  });
  document.querySelector('[data-opens="shortcuts"]')?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (isForUs(event) && act(event)) event.preventDefault();
  });
}
