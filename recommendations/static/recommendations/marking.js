// Without this, words are copied into the field. With it, selecting them in a passage fills it.
function takeSelection() {
  const selection = document.getSelection();
  const text = selection.toString().trim();
  if (!text || !selection.rangeCount) return;
  const node = selection.getRangeAt(0).commonAncestorContainer;
  const passage = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-passage]");
  const row = passage?.closest(".marking-row");
  const form = row?.querySelector("details");
  if (!form) return;
  form.open = true;
  form.querySelector("textarea").value = text;
}

document.addEventListener("selectionchange", takeSelection);
// On a long page words may be selected before this runs.
takeSelection();
