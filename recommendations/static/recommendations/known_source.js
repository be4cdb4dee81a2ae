// Fills an item of evidence with what the record knows of its address, as soon as that is typed or
// pasted. It writes into empty fields alone, and all stays editable. Without it nothing is lost.

const FILLED = ["title", "publisher", "kind", "language", "archived_url"];

const field = (box, name) => box.querySelector(`[name$="-${name}"]`);

function fill(box, words) {
  for (const name of FILLED) {
    const input = field(box, name);
    if (!input.value.trim() && words[name]) input.value = words[name];
  }
  const day = field(box, "published_on");
  if (!day.value && words.published_on) {
    day.value = words.published_on;
    field(box, "published_precision").value = words.published_precision;
  }
  if (words.is_state_media) field(box, "is_state_media").checked = true;
}

function copyButton(box, copy, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = words;
  button.addEventListener("click", () => {
    const input = field(box, "capture_sha256");
    input.closest("details").open = true;
    input.value = copy.sha256;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
  return button;
}

function tell(box, found) {
  const note = box.querySelector("[data-known]");
  const sentences = [found.cited, found.copy?.said].filter(Boolean);
  note.replaceChildren(sentences.join(" "));
  if (found.copy) note.append(" ", copyButton(box, found.copy, note.dataset.copy));
  note.hidden = !sentences.length;
}

async function lookUp(form, box) {
  const address = field(box, "url").value.trim();
  if (!address || address === box.dataset.asked) return;
  box.dataset.asked = address;
  const query = new URLSearchParams({ url: address, action: form.elements.action.value });
  const answer = await fetch(`${form.dataset.sources}?${query}`).catch(() => null);
  // What is known of an address that was typed over meanwhile is of no use.
  if (!answer?.ok || box.dataset.asked !== address) return;
  const found = await answer.json();
  if (found.words) fill(box, found.words);
  tell(box, found);
  field(box, "url").dispatchEvent(new Event("input", { bubbles: true }));
}

const form = document.getElementById("log");
if (form?.dataset.sources) {
  const isAddress = (target) => target.matches('[data-item] [name$="-url"]:not([name*="archived"])');
  for (const kind of ["change", "paste"]) {
    form.addEventListener(kind, (event) => {
      if (!isAddress(event.target)) return;
      const box = event.target.closest("[data-item]");
      // A paste is in the field after its event.
      setTimeout(() => lookUp(form, box));
    });
  }
}
