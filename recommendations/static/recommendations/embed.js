"use strict";
// The page works without this. With it the page around the frame can make the frame as high as
// what it shows: docs/embedding.md has the other half. It says nothing but a number.
(() => {
  if (window.parent === window) return;
  let told = 0;

  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    window.parent.postMessage({ type: "tracker-embed", height }, "*");
  };

  new ResizeObserver(tell).observe(document.body);
  window.addEventListener("load", tell);
})();
