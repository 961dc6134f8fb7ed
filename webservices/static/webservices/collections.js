/*
 * Collections: a run is shown call by call as it goes on, and what cannot be undone is asked about.
 * Without this script a run is an ordinary form post that ends on the page of its results.
 */
"use strict";

(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sure]");
    if (button && !window.confirm(button.dataset.sure)) event.preventDefault();
  });

  const form = document.querySelector("[data-run]");
  if (!form) return;

  const place = document.querySelector(".wsc-progress");
  const bar = place.querySelector("progress");
  const status = place.querySelector("[role=status]");
  const list = place.querySelector("ol");

  function tell(event) {
    bar.value = event.done;
    status.textContent = `${event.done} of ${event.of}: ${event.name}`;
    const line = document.createElement("li");
    const mark = document.createElement("span");
    mark.className = `wsc-dot ${event.met ? "wsc-good" : "wsc-bad"}`;
    mark.textContent = event.met ? "✓" : "✗";
    line.append(mark, ` ${event.name} ${event.status || ""}`);
    list.append(line);
    line.scrollIntoView({ block: "nearest" });
  }

  async function follow(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", last = null;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return last;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.filter(Boolean)) tell(last = JSON.parse(line));
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    place.hidden = false;
    list.replaceChildren();
    bar.value = 0;
    status.textContent = "Running …";
    try {
      const response = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/x-ndjson" }, redirect: "error",
      });
      if (!response.ok) throw new Error(`The run was refused (${response.status}). Reload the page and try again.`);
      const last = await follow(response);
      if (last) window.location.assign(last.results);
    } catch (error) {
      status.textContent = error instanceof TypeError ? "The server was not reached, or you were signed out." : error.message;
      button.disabled = false;
    }
  });
})();
