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

function tell(box, found) {
  const note = box.querySelector("[data-known]");
  note.textContent = found.cited;
  note.hidden = !found.cited;
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
