// Django's own forms leave some parts without a name that a screen reader could say. This gives
// each the one that stands beside it on the screen; the forms work without it.
function nameTips(root) {
  for (const tip of root.querySelectorAll(".help-tooltip[aria-label]:not([role])")) {
    tip.setAttribute("role", "img");
  }
}

function unmakeEmptyHeads(root) {
  for (const head of root.querySelectorAll(".inline-group thead th")) {
    if (!head.textContent.trim()) {
      const cell = document.createElement("td");
      cell.className = head.className;
      head.replaceWith(cell);
    }
  }
}

// In a table of a form, the head of the column is what a field is called.
function nameFields(root) {
  for (const field of root.querySelectorAll(".inline-group td :is(input, select, textarea)")) {
    if (!field.labels?.length && !field.hasAttribute("aria-label")) {
      field.setAttribute("aria-label", headOf(field.closest("td")));
    }
  }
}

function headOf(cell) {
  const heads = [...cell.closest("table").querySelectorAll("thead th")];
  const name = [...cell.classList].find((one) => one.startsWith("field-"))?.slice(6);
  const head = name ? heads.find((one) => one.classList.contains(`column-${name}`)) : heads.at(-1);
  return head?.textContent.trim() ?? "";
}

// The list of suggestions takes the place of a select, whose label does not follow it.
function nameSuggestions(root) {
  for (const shown of root.querySelectorAll(".select2-selection__rendered:not([aria-label])")) {
    const select = shown.closest(".select2-container").previousElementSibling;
    const label = select.labels[0]?.textContent ?? select.getAttribute("aria-label") ?? "";
    const tell = () => {
      const chosen = select.selectedOptions[0]?.textContent.trim() ?? "";
      shown.setAttribute("aria-label", `${label.trim()} ${chosen}`.trim());
    };
    tell();
    window.django.jQuery(select).on("change", tell);
  }
}

function nameAll(root) {
  nameTips(root);
  unmakeEmptyHeads(root);
  nameFields(root);
  nameSuggestions(root);
}

nameAll(document);
// Lists are set up on load, suggestions when jQuery is ready: either may be after this.
window.addEventListener("load", () => nameAll(document));
window.django?.jQuery?.(() => nameAll(document));
document.addEventListener("formset:added", (event) => setTimeout(() => nameAll(event.target)));
