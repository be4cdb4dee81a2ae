"use strict";
// The page tells everything without this. With it, addresses can be put together and asked here.
(() => {
  const section = document.getElementById("try");
  const form = section.querySelector("form");
  const [fields, said, answer] = ["fields", "said", "answer"].map(
    (name) => section.querySelector(`.api-${name}`),
  );
  const link = section.querySelector(".api-asked a");
  const template = section.querySelector("template");
  const openapi = section.dataset.openapi;
  // More of an answer is not shown: all lines of a table are as many as there are rows.
  const LONGEST = 200000;
  let described = null;
  let asked = 0;

  const parameters = () => described.paths[form.elements.address.value].get.parameters;

  const fieldOf = (parameter) => {
    const field = template.content.cloneNode(true);
    const [label, input] = field.querySelectorAll("label, input");
    input.id = label.htmlFor = `try-${parameter.name}`;
    input.name = parameter.name;
    input.required = Boolean(parameter.required);
    if (parameter.required) input.value = parameter.example ?? "";
    input.placeholder = [parameter.example ?? ""].flat().join(",");
    label.textContent = parameter.name;
    label.title = parameter.description;
    return field;
  };

  const address = () => {
    let path = form.elements.address.value;
    const query = new URLSearchParams();
    for (const { name, in: where, schema } of parameters()) {
      const value = form.elements[name].value.trim();
      if (where === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
      else if (schema.type === "array") {
        for (const one of value.split(",")) if (one.trim()) query.append(name, one.trim());
      } else if (value) query.append(name, value);
    }
    return `${described.servers[0].url}${path}${query.size ? `?${query}` : ""}`;
  };

  const show = () => {
    link.href = link.textContent = address();
  };

  const choose = () => {
    fields.replaceChildren(...parameters().map(fieldOf));
    show();
  };

  const indented = (text) => {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  };

  form.addEventListener("change", ({ target }) => (target.name === "address" ? choose() : show()));
  form.addEventListener("input", ({ target }) => target.name !== "address" && show());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show();
    said.textContent = "…";
    // An answer that comes after a later question is none to it.
    const own = ++asked;
    try {
      const response = await fetch(address(), { credentials: "omit" });
      const text = await response.text();
      if (own !== asked) return;
      const left = response.headers.get("RateLimit");
      said.textContent = `${response.status}${left ? `, RateLimit: ${left}` : ""}`;
      answer.textContent = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : indented(text);
      answer.hidden = false;
    } catch {
      if (own !== asked) return;
      said.textContent = section.dataset.unanswered;
      answer.hidden = true;
    }
  });

  fetch(openapi, { credentials: "omit" })
    .then((response) => response.json())
    .then((document_) => {
      described = document_;
      for (const path of Object.keys(described.paths)) form.elements.address.add(new Option(path));
      choose();
      section.hidden = false;
    })
    // Without its description nothing can be asked here.
    .catch(() => {});
})();
