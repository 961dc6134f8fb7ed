/* The differences between two answers, in the editor's merge view. */
"use strict";

(() => {
  const place = document.querySelector("[data-compare]");
  const [before, after] = ["[data-before]", "[data-after]"].map((each) => document.querySelector(each));
  if (!place || !before || before.textContent === after.textContent) return;
  place.hidden = false;
  window.CounterpartEditor.compare(place, before.textContent, after.textContent, "json");
})();
