// Shows what needs a passkey where the browser knows them, and says when one was not handed over.
const knowsPasskeys = "PublicKeyCredential" in window;
for (const element of document.querySelectorAll("[data-passkey]")) element.hidden = !knowsPasskeys;
for (const element of document.querySelectorAll("[data-no-passkey]")) element.hidden = knowsPasskeys;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.getElementById("passkey-problem");
  problem.hidden = false;
  problem.focus();
});
