// Shows what was read at addresses of the inbox as soon as it is there. What somebody is at stays as
// it is: the page says it when it is opened anew, as it does without this.

const FIRST_PAUSE = 1500;
const LONGEST_PAUSE = 10000;
const SLOWER = 1.3;
const READING = "[data-reading]";

function isTouched(input) {
  if (input.type === "checkbox") return input.checked !== input.defaultChecked;
  if (input instanceof HTMLSelectElement) {
    return [...input.options].some((one) => one.selected !== one.defaultSelected);
  }
  return input.type !== "hidden" && input.value !== input.defaultValue;
}

const isInUse = (part) =>
  part.contains(document.activeElement) ||
  [...part.querySelectorAll("input, select, textarea")].some(isTouched);

async function refresh() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll(READING)) {
    const found = page.getElementById(part.id);
    if (found && !isInUse(part) && !part.isEqualNode(found)) part.replaceWith(found);
  }
}

function wait(pause) {
  if (!document.querySelector(READING)) return;
  setTimeout(async () => {
    await refresh();
    wait(Math.min(pause * SLOWER, LONGEST_PAUSE));
  }, pause);
}

wait(FIRST_PAUSE);
