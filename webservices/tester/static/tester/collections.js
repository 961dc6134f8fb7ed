/*
 * Pages of testers: a run is shown call by call as it goes on, inputs are edited in the editor, lines are added by a
 * click, and a confirmation is asked before something is deleted. Without this script every page works as a form.
 *
 *   data-sure="Delete it?"                a question to be confirmed before the button acts
 *   data-add="id" data-line="a = 1"       adds a line to a textarea
 *   data-copy="id"                        copies the value of an input
 *   data-editor                           a textarea that becomes an editor when it becomes visible
 *   data-run                              the form of a run
 */
"use strict";

(() => {
  const scripted = "[data-add], [data-copy]";
  document.querySelectorAll(scripted).forEach((button) => { button.hidden = false; });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.sure && !window.confirm(button.dataset.sure)) event.preventDefault();
    if (button.dataset.add) add(button);
    if (button.dataset.copy) await copy(button);
  });

  function add(button) {
    const place = document.getElementById(button.dataset.add);
    const lines = place.value.split("\n").filter(Boolean);
    if (!lines.includes(button.dataset.line)) lines.push(button.dataset.line);
    place.value = `${lines.join("\n")}\n`;
    place.rows = Math.max(place.rows, Math.min(lines.length + 1, 12));
    button.setAttribute("aria-pressed", "true");
  }

  async function copy(button) {
    const place = document.getElementById(button.dataset.copy);
    place.select();
    try {
      await navigator.clipboard.writeText(place.value);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl+C";
    }
  }

  /* An editor measures itself, so it is created when its place is visible. */
  function edit(textarea) {
    if (textarea.dataset.edited || !window.CounterpartEditor) return;
    textarea.dataset.edited = "yes";
    textarea.dataset.media = /^\s*[{[]/.test(textarea.value) ? "json" : "xml";
    window.CounterpartEditor.edit(textarea);
  }

  function editVisible() {
    for (const textarea of document.querySelectorAll("[data-editor]")) {
      const closed = textarea.closest("details:not([open])");
      if (!closed) edit(textarea);
    }
  }

  document.addEventListener("toggle", editVisible, true);
  window.addEventListener("DOMContentLoaded", () => { openTarget(); editVisible(); });
  window.addEventListener("hashchange", openTarget);

  /* Open the call or result in the fragment of the address. */
  function openTarget() {
    const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  }

  const form = document.querySelector("[data-run]");
  if (!form) return;

  const place = document.querySelector(".wsc-progress");
  const bar = place.querySelector("progress");
  const status = place.querySelector("[role=status]");
  const list = place.querySelector("ol");

  function showResult(event) {
    bar.max = event.of;
    bar.value = event.done;
    status.textContent = `${event.done} of ${event.of}: ${event.name}`;
    const line = document.createElement("li");
    const mark = document.createElement("span");
    mark.className = `wsc-dot ${event.met ? "wsc-good" : "wsc-bad"}`;
    mark.textContent = event.met ? "✓" : "✗";
    line.append(mark, ` ${event.name} ${event.status || ""}`);
    list.append(line);
    list.scrollTop = list.scrollHeight;
  }

  async function follow(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", last = null;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return last;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.filter(Boolean)) showResult(last = JSON.parse(line));
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
      status.textContent = error instanceof TypeError ? "The server was not reached, or you were signed out. Reload the page and try again." : error.message;
      button.disabled = false;
    }
  });
})();
