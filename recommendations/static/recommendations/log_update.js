// The form works without this: the server judges the evidence, and a button asks it for another
// source. With it the rule is told while typing, and text outlives a lost session.

const fold = (text) => text.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ");
const voice = (item) => (item.isStateMedia ? "state media" : fold(item.publisher));

/** As comparable() of recommendations/text/web_addresses.py: two spellings of one page are one. */
export function comparable(address) {
  let parts;
  try {
    parts = new URL(address.trim());
  } catch {
    return address.trim();
  }
  const usual = ["", "80", "443"].includes(parts.port);
  const host = parts.hostname.replace(/\.+$/, "") + (usual ? "" : `:${parts.port}`);
  return host + parts.pathname.replace(/\/+$/, "") + (parts.search === "?" ? "" : parts.search);
}

/** The same sentences as recommendations/statuses/evidence.py, for the same facts. */
export function missingEvidence(rule, status, items, facts) {
  const needs = rule.statuses[status];
  if (!needs) return [];
  const secondary = items.filter((item) => rule.secondary.includes(item.kind));
  const isSettled =
    items.some((item) => rule.strong.includes(item.kind)) ||
    new Set(secondary.map(voice)).size > 1;
  const missing = [];
  if (needs.group === "settled" && !isSettled) missing.push(secondary.length ? needs.one : needs.none);
  if (needs.group === "stepped" && items.every((item) => item.kind === rule.promise)) {
    missing.push(items.length ? needs.promises : needs.none);
  }
  const lacksSource = facts.isChange && !facts.hasNewSource;
  if (lacksSource && !missing.length) {
    const sentence = facts.isCorrection ? needs.changeByCorrection : needs.change;
    if (sentence) missing.push(sentence);
  }
  if (facts.hasSearchNote) return missing;
  const isHaltUndocumented = items.length > 0 && (lacksSource || !facts.hasOwnItems);
  if (facts.isConfirmation) missing.push(rule.confirmation);
  else if (status === "no_action") missing.push(needs.search);
  else if (status === "not_assessed" && facts.isChange) missing.push(needs.search);
  else if (status === "stalled" && isHaltUndocumented) missing.push(needs.search);
  return missing;
}

function ownItems(form) {
  return [...form.querySelectorAll("[data-item]")]
    .map((box) => {
      const field = (name) => box.querySelector(`[name$="-${name}"]`);
      return {
        kind: field("kind").value,
        publisher: field("publisher").value,
        address: comparable(field("url").value),
        isStateMedia: field("is_state_media").checked,
        counts: field("url").value.trim() !== "" && !field("DELETE").checked,
      };
    })
    .filter((item) => item.counts && item.kind);
}

function reliedOnItems(form) {
  return [...form.querySelectorAll("[name=relies_on]:checked")].flatMap((box) =>
    JSON.parse(box.dataset.items).map(([kind, publisher, isStateMedia]) => ({
      kind,
      publisher,
      isStateMedia,
    })),
  );
}

const chosenStatus = (form) => form.querySelector("[name=status]:checked")?.value;

/** Only a confirmation stands on earlier evidence of itself; a change names what it relies on. */
function chooseReliance(form) {
  const isUnchanged = chosenStatus(form) === form.dataset.standing;
  for (const box of form.querySelectorAll("[name=relies_on][data-confirms]")) box.checked = isUnchanged;
}

function factsOf(form, rule, own, relied) {
  const status = chosenStatus(form);
  const cited = JSON.parse(form.dataset.cited);
  const isCorrection = form.dataset.correction === "yes";
  return {
    hasSearchNote:
      form.elements.search_note.value.trim() !== "" && form.elements.searched_on.value !== "",
    isConfirmation: !own.length && relied.length > 0 && status === form.dataset.present,
    hasOwnItems: own.length > 0,
    isChange: status !== form.dataset.standing,
    isCorrection,
    hasNewSource: own.some(
      (item) => item.kind !== rule.promise && (isCorrection || !cited.includes(item.address)),
    ),
  };
}

function tellWhatIsMissing(form) {
  const status = chosenStatus(form);
  const box = document.getElementById("missing");
  box.hidden = !status;
  if (!status) return;
  const rule = JSON.parse(form.dataset.rule);
  const own = ownItems(form);
  const relied = reliedOnItems(form);
  const facts = factsOf(form, rule, own, relied);
  const missing = missingEvidence(rule, status, [...own, ...relied], facts);
  const list = document.createElement("ul");
  for (const sentence of missing) {
    const item = document.createElement("li");
    item.textContent = sentence;
    list.append(item);
  }
  const head = document.createElement("p");
  head.textContent = missing.length ? box.dataset.missing : box.dataset.complete;
  // The same words again would be read aloud again.
  if (box.textContent !== head.textContent + list.textContent) box.replaceChildren(head, list);
  box.classList.toggle("warn", missing.length > 0);
}

function addItem(form) {
  const total = form.querySelector("[name=evidence-TOTAL_FORMS]");
  const n = Number(total.value);
  const copy = document.getElementById("empty-item").innerHTML.replaceAll("__prefix__", n);
  const items = document.getElementById("items");
  items.insertAdjacentHTML("beforeend", copy);
  total.value = n + 1;
  const box = items.lastElementChild;
  box.querySelector("[data-n]").textContent = n + 1;
  box.querySelector("[name$=-published_precision]").value = "day";
  box.querySelector("[name$=-accessed_on]").value = new Date().toISOString().slice(0, 10);
  box.querySelector("[name$=-url]").focus();
}

// What is typed is kept for this tab until the server has it.
const keyOf = (form) => `log:${form.getAttribute("action")}:${form.elements.action.value}`;

function keep(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  sessionStorage.setItem(keyOf(form), JSON.stringify(fields));
}

async function isStored(form, reference) {
  const here = new URL(form.getAttribute("action"), window.location.href);
  if (here.pathname.includes(reference)) return false;
  const answer = await fetch(`${here.pathname}${reference}/stored/`);
  return answer.ok && (await answer.json()).is_stored;
}

async function putBack(form) {
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
  if (!kept || form.querySelector(".has-error") || document.getElementById("errors")) return;
  const fields = Object.fromEntries(kept);
  const isOlder = fields.revision !== form.elements.revision.value;
  if (isOlder || (await isStored(form, fields.reference))) {
    sessionStorage.removeItem(keyOf(form));
    return;
  }
  while (form.querySelector(`[name=evidence-TOTAL_FORMS]`).value < Number(fields["evidence-TOTAL_FORMS"])) {
    addItem(form);
  }
  for (const box of form.querySelectorAll("[type=checkbox], [type=radio]")) box.checked = false;
  for (const [name, value] of kept) {
    const field = form.elements[name];
    if (!field || name.endsWith("_FORMS")) continue;
    const boxes = form.querySelectorAll(`[name="${name}"][value="${CSS.escape(value)}"]`);
    if (boxes.length && boxes[0].matches("[type=checkbox], [type=radio]")) boxes[0].checked = true;
    else field.value = value;
  }
  document.getElementById("kept").hidden = false;
}

/** Whoever arrives can type at once: in the first field that is still to be filled in. */
function focusOnArrival(form) {
  const told = document.querySelector("[data-focus]");
  if (told) {
    told.focus();
    return;
  }
  if (window.location.hash) return;
  const fields = ["effective_on", "note"].map((name) => form.elements[name]);
  const first = chosenStatus(form)
    ? fields.find((field) => !field.value.trim()) ?? form.querySelector("[data-item] [name$=-url]")
    : form.querySelector("[name=status]");
  // What stands above, such as who has begun on the action, stays in view.
  first?.focus({ preventScroll: true });
}

const form = document.getElementById("log");
if (form) {
  focusOnArrival(form);
  form.addEventListener("input", (event) => {
    if (event.target.name === "status") chooseReliance(form);
    keep(form);
    tellWhatIsMissing(form);
  });
  document.getElementById("add-item").addEventListener("click", (event) => {
    event.preventDefault();
    addItem(form);
  });
  putBack(form).then(() => tellWhatIsMissing(form));
}
