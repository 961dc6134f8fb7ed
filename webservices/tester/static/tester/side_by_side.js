/* Two versions side by side: the texts in the editor's look, requested again when the selection changes. */
"use strict";

(() => {
  for (const text of document.querySelectorAll("[data-show]")) {
    const place = document.createElement("div");
    place.className = "wst-reader";
    text.after(place);
    text.hidden = true;
    window.CounterpartEditor.show(place, text.textContent, text.dataset.media, text.getAttribute("aria-label"));
  }
  const form = document.querySelector("[data-follow]");
  form.addEventListener("change", ({ target }) => { if (target.matches("select")) form.requestSubmit(); });
})();
