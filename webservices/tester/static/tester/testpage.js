/*
 * The Web Services Test page, made smooth: the editor in the textarea's place, htmx for the form's own answers.
 * Without this script the page works by ordinary form posts.
 */
"use strict";

(() => {
  const form = document.getElementById("wst");
  const area = document.getElementById("wst-editor");
  const { edit, show } = window.CounterpartEditor;
  const editor = edit(area, { onSend: () => request("send") });
  let generated = area.value;
  let pending = 0;

  const find = (selector) => form.querySelector(selector);

  const STACKED = window.matchMedia("(max-width: 74.99rem)");

  /* An error has its own event, so the promise of the request is not looked at. */
  function request(action) {
    htmx.ajax("POST", form.action, { source: form, values: { do: action }, swap: "none" }).catch(() => {});
  }

  /* ---- the form's answers ---- */

  let typed = [], slow;

  form.addEventListener("htmx:beforeRequest", ({ detail }) => {
    pending += 1;
    form.setAttribute("aria-busy", "true");
    if (detail.requestConfig.formData.get("do") === "send") {
      slow = setTimeout(() => form.setAttribute("data-sending", ""), 400);
    }
  });
  form.addEventListener("htmx:afterRequest", () => {
    pending -= 1;
    clearTimeout(slow);
    form.removeAttribute("data-sending");
    if (!pending) form.removeAttribute("aria-busy");
  });

  /* Text typed while the answer was on its way is newer than the answer, and stays. */
  form.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.xhr.responseText.includes("hx-swap-oob")) {
      detail.shouldSwap = false;
      if (detail.xhr.status < 400) showProblem("You were signed out. Reload the page.");
      return;
    }
    const sent = detail.requestConfig.formData;
    typed = [...form.elements]
      .filter((each) => each.id && each !== area && sent.has(each.name) && sent.get(each.name) !== each.value)
      .map((each) => [each.id, each.value]);
  });

  form.addEventListener("htmx:afterOnLoad", ({ detail }) => {
    const sent = detail.requestConfig.formData, action = sent.get("do");
    renew(sent.get("input"));
    for (const [id, value] of typed) {
      const again = document.getElementById(id);
      if (again) again.value = value;
    }
    typed = [];
    if (action === "send") for (const each of form.querySelectorAll("[data-once]")) each.value = "";
    if (action === "csv" && !find("#wst-csv-problem .wst-problem")) find("#wst-csv").closest("details").open = false;
    showAnswer();
    remember();
    if (STACKED.matches && ["send", "build"].includes(action)) document.getElementById("wst-answer").scrollIntoView();
  });

  form.addEventListener("htmx:responseError", ({ detail }) => {
    const { status } = detail.xhr;
    const large = status === 400 || status === 413;
    showProblem(
      large ? "The page did not take this input. One of more than 10 MB is better sent by a program."
        : `The page was refused (${status}). Reload it and try again.`);
  });
  form.addEventListener("htmx:sendError", () => showProblem("The server was not reached. Reload the page."));
  form.addEventListener("htmx:sendAbort", () => {
    showProblem("Stopped waiting. The call may have been made: look for its result in Exchanges.");
  });

  function showProblem(text) {
    const paragraph = document.createElement("p");
    paragraph.className = "wst-problem";
    paragraph.setAttribute("role", "alert");
    paragraph.textContent = text;
    const answer = document.getElementById("wst-answer");
    answer.replaceChildren(answer.querySelector("header"), paragraph);
  }

  /* Take over a new input, unless somebody has typed meanwhile; mark the lines that do not fit the contract. */
  function renew(before) {
    editor.media(find("[data-media][name=tab]").dataset.media);
    const fresh = document.getElementById("wst-fresh");
    if (fresh) {
      const untouched = plain(before) === plain(area.value);
      if (untouched) editor.set(fresh.value);
      if (untouched && find("[name=made-for]").value) generated = area.value;
      fresh.remove();
    }
    editor.mark([...form.querySelectorAll("#wst-problems [data-line]")].map((each) => ({
      line: Number(each.dataset.line), message: each.nextElementSibling.textContent,
    })));
  }

  const plain = (text) => (text || "").replaceAll("\r\n", "\n");

  /* ---- the answer: pretty or raw; it can be folded, searched and copied ---- */

  function showAnswer() {
    const pretty = document.getElementById("wst-pretty"), code = document.getElementById("wst-code");
    const body = pretty || code;
    if (!body || body.dataset.shown) return;
    body.dataset.shown = "yes";
    const place = document.createElement("div");
    place.className = "wst-reader";
    place.setAttribute("aria-live", "off");
    body.after(place);
    body.hidden = true;
    const label = body.getAttribute("aria-label");
    body.removeAttribute("aria-label");
    const texts = { pretty: body.textContent, raw: pretty ? document.getElementById("wst-raw").textContent : "" };
    const reader = show(place, texts.pretty, body.dataset.media || "text", label);
    if (!pretty) return;
    find(".wst-raw").hidden = true;
    find(".wst-views").hidden = false;
    find(".wst-views").addEventListener("click", ({ target }) => {
      const view = target.closest("[data-view]");
      if (!view) return;
      for (const each of form.querySelectorAll("[data-view]")) each.setAttribute("aria-pressed", String(each === view));
      const { state } = reader.view;
      reader.view.dispatch({ changes: { from: 0, to: state.doc.length, insert: texts[view.dataset.view] } });
    });
  }

  async function copy(button) {
    const text = document.getElementById(button.dataset.copy || (pressed("raw") ? "wst-raw" : "wst-pretty")).textContent;
    const words = button.lastElementChild, before = words.textContent;
    try {
      await navigator.clipboard.writeText(text);
      words.textContent = "Copied";
    } catch {
      words.textContent = "Not copied";
    }
    setTimeout(() => { words.textContent = before; }, 1500);
  }

  const pressed = (name) => find(`[data-view=${name}]`).getAttribute("aria-pressed") === "true";

  /* ---- the selection ---- */

  function selection() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const isSelection = ["version", "tab", "api"].includes(name) || name.startsWith("key-");
      const isOption = (name === "fields" && value !== "all") || (name === "count" && value !== "1");
      if (value && (isSelection || isOption)) query.set(name, value);
    }
    return query;
  }

  /* The address of the page holds the selection, so that it can be bookmarked or sent to a colleague. */
  function remember() {
    history.replaceState(null, "", `?${selection()}`);
  }

  /* An input that nobody has edited follows the choice; one that somebody has stays. */
  function choose() {
    const untouched = area.value !== "" && area.value === generated;
    request(untouched ? "generate" : "choose");
  }

  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-choose]")) choose();
    if (target.matches("[data-build]")) request("build");
  });

  form.addEventListener("click", (event) => {
    const { target } = event;
    const tab = target.closest("[data-tab]"), line = target.closest("[data-line]");
    const sideBySide = target.closest("[data-side-by-side]"), copied = target.closest("[data-copy]");
    if (tab && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      form.elements.tab.value = tab.dataset.tab;
      choose();
    }
    if (line) editor.go(Number(line.dataset.line));
    if (sideBySide) {
      const query = new URLSearchParams(new URL(sideBySide.href).search);
      for (const [name, value] of selection()) if (name.startsWith("key-")) query.set(name, value);
      sideBySide.href = `${sideBySide.pathname}?${query}`;
    }
    if (copied) copy(copied);
    if (target.closest("[data-stop]")) htmx.trigger(form, "htmx:abort");
  });

  /* The action of a button is sent even if another answer replaces the button meanwhile; one that leaves the page is ordinary. */
  form.addEventListener("submit", (event) => {
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (submitter && submitter.matches("[data-leave]")) return;
    event.preventDefault();
    request(submitter ? submitter.value : "generate");
  }, true);

  form.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      request("send");
    } else if (event.key === "Enter" && event.target.matches("[data-enter]")) {
      event.preventDefault();
      request(event.target.dataset.enter);
    } else if (event.key === "Enter" && event.target.matches(".wst-pop input")) {
      event.preventDefault();
      event.target.closest(".wst-pop").querySelector("button").click();
    } else if (event.key === "Escape" && event.target.closest(".wst-pop[open]")) {
      const pop = event.target.closest(".wst-pop");
      pop.open = false;
      pop.querySelector("summary").focus();
    }
  });

  /* One of the panels that open over the page at a time. */
  document.addEventListener("click", ({ target }) => {
    for (const pop of form.querySelectorAll(".wst-pop[open]")) if (!pop.contains(target)) pop.open = false;
  });

  /* A selection made before this script was loaded. */
  const early = ({ options, value }) => value !== ([...options].find((each) => each.defaultSelected) || options[0]).value;

  showAnswer();
  if ([...form.querySelectorAll("select[data-choose]")].some(early)) choose();
  document.documentElement.classList.add("wst-scripted");
})();
