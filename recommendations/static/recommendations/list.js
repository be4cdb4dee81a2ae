// The list works without this. Here: say the new count aloud, and leave out empty parameters.
document.addEventListener("htmx:afterSettle", () => {
  const found = document.getElementById("found");
  const announcement = document.getElementById("announcement");
  if (found && announcement) announcement.textContent = found.textContent;
});
document.addEventListener("htmx:configRequest", (event) => {
  const parameters = event.detail.parameters;
  for (const name of ["q", "changed_since"]) {
    if (!parameters[name]) delete parameters[name];
  }
  if (parameters.sort === "report") delete parameters.sort;
});
