// Without this, words are copied into the field. With it, selecting them in a passage fills it.
document.addEventListener("selectionchange", () => {
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
});
