// Looks now and then how far the background is, and shows it. When it is done, the page is loaded
// anew: it then leads on. Without this script the page has a link that does the same.
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 15000;
const SLOWER = 1.3;
const progress = document.getElementById("progress");
let pause = FIRST_PAUSE;

function waits() {
  setTimeout(look, pause);
  pause = Math.min(pause * SLOWER, LONGEST_PAUSE);
}

async function look() {
  if (document.hidden) {
    document.addEventListener("visibilitychange", look, { once: true });
    return;
  }
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("progress");
    if (answer.redirected || (answer.ok && found && !("isOpen" in found.dataset))) {
      location.reload();
      return;
    }
    // A page that says the same is not read out again.
    if (answer.ok && found && found.textContent.trim() !== progress.textContent.trim()) {
      progress.replaceChildren(...found.childNodes);
    }
  } catch {
    // The server is away for a while.
  }
  waits();
}

waits();
