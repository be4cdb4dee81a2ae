"use strict";
// The list works without this: links are links, and the form has its buttons. With it a change
// applies at once, the focus stays where it was, and the new count is said aloud.
(() => {
  const list = document.getElementById("list");
  const announcement = document.getElementById("announcement");
  let changed = "";
  let before = null;

  list.addEventListener("change", ({ target }) => {
    // Not the date: it changes with each digit that is typed.
    if (!target.matches("input[type=checkbox], select")) return;
    changed = target.id;
    target.form.requestSubmit();
  });

  list.addEventListener("htmx:beforeSwap", () => {
    const focused = document.activeElement;
    before = {
      // Some browsers focus nothing that is clicked.
      focus: changed || focused.id,
      isElsewhere: focused !== document.body && !list.contains(focused),
      open: [...list.querySelectorAll("details[open]")].map((details) => details.id),
    };
    changed = "";
  });

  list.addEventListener("htmx:afterSwap", () => {
    if (!before) return;
    for (const id of before.open) document.getElementById(id)?.setAttribute("open", "");
    const found = document.getElementById("found");
    const same = before.focus && list.querySelector(`#${CSS.escape(before.focus)}`);
    if (!before.isElsewhere) (same || found).focus({ preventScroll: Boolean(same) });
    before = null;
    announcement.textContent = "";
    setTimeout(() => { announcement.textContent = found.textContent; }, 100);
  });

  // An address that is refused, or a server that is away, shows as it would without this.
  const follow = ({ detail }) => window.location.assign(detail.pathInfo.finalRequestPath);
  list.addEventListener("htmx:responseError", follow);
  list.addEventListener("htmx:sendError", follow);
})();
