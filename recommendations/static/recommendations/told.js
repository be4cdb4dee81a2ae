// Moves the focus to what a page says went wrong, so that it is read first. The page works without.
document.querySelector("[data-focus]")?.focus();
