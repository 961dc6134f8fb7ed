/*
 * The Web Services Test page, made smooth: the form's own answers, fetched and put in place.
 * Without this script the page works by ordinary form posts.
 */
"use strict";

(() => {
  const form = document.getElementById("wst");
  const REGIONS = { choose: ["wst-choice"], generate: ["wst-choice", "wst-input"], send: ["wst-answer"] };
  let generated = editor().value;
  let latest = 0;

  function editor() {
    return document.getElementById("wst-editor");
  }

  function sentence(text) {
    const paragraph = document.createElement("p");
    paragraph.className = "wst-problem";
    paragraph.setAttribute("role", "alert");
    paragraph.textContent = text;
    const answer = document.getElementById("wst-answer");
    answer.replaceChildren(answer.querySelector("header"), paragraph);
  }

  async function ask(action) {
    const mine = ++latest;
    const body = new FormData(form);
    body.set("do", action);
    form.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch" },
        redirect: "error",
      });
      if (response.status === 400 || response.status === 413) {
        throw new Error("The page did not take this input. One of more than 2 MB is better sent by a program.");
      }
      if (!response.ok) throw new Error(`The page was refused (${response.status}). Reload it and try again.`);
      const html = await response.text();
      if (mine === latest) place(html, action, body);
    } catch (error) {
      if (mine === latest) {
        sentence(error instanceof TypeError ? "The server was not reached, or you were signed out. Reload the page." : error.message);
      }
    } finally {
      if (mine === latest) form.removeAttribute("aria-busy");
    }
  }

  /* What was typed while the answer was on its way is newer than the answer, and stays. */
  function typedSince(body) {
    return [...form.elements].filter((each) => each.id && body.has(each.name) && body.get(each.name) !== each.value);
  }

  function place(html, action, body) {
    const fetched = new DOMParser().parseFromString(html, "text/html");
    const focused = document.activeElement && document.activeElement.id;
    const typed = typedSince(body).map((each) => [each.id, each.value]);
    for (const id of REGIONS[action]) {
      document.getElementById(id).replaceChildren(...fetched.getElementById(id).childNodes);
    }
    if (action === "generate") generated = editor().value;
    for (const [id, value] of typed) {
      const again = document.getElementById(id);
      if (again) again.value = value;
    }
    const again = focused && document.getElementById(focused);
    if (again && again !== document.activeElement) again.focus({ preventScroll: true });
    remember();
  }

  /* The address of the page says what is chosen, so that it can be kept or sent to a colleague. */
  function remember() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value && (["version", "tab", "api"].includes(name) || name.startsWith("key-"))) query.set(name, value);
    }
    history.replaceState(null, "", `?${query}`);
  }

  /* An input that nobody has edited follows the choice; one that somebody has stays. */
  function choose() {
    const untouched = editor().value !== "" && editor().value === generated;
    ask(untouched ? "generate" : "choose");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(event.submitter ? event.submitter.value : "generate");
  });

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose]")) choose();
  });

  form.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      form.elements.tab.value = tab.dataset.tab;
      choose();
    }
  });

  let leaving = false;

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      ask("send");
    } else if (event.key === "Enter" && event.target.matches("[data-enter]")) {
      event.preventDefault();
      ask(event.target.dataset.enter);
    } else if (event.target === editor()) {
      type(event);
    }
  });

  /* Tab indents; Escape and then Tab leaves the editor, so that nobody is caught in it. */
  function type(event) {
    if (event.key === "Tab" && !leaving && !event.shiftKey) {
      event.preventDefault();
      insert("  ");
    } else if (event.key === "Enter") {
      const before = editor().value.slice(0, editor().selectionStart);
      const indentation = before.slice(before.lastIndexOf("\n") + 1).match(/^[ \t]*/)[0];
      event.preventDefault();
      insert(`\n${indentation}`);
    }
    leaving = event.key === "Escape";
  }

  /* execCommand keeps the browser's own undo, which setting the value would lose. */
  function insert(text) {
    if (!document.execCommand("insertText", false, text)) {
      editor().setRangeText(text, editor().selectionStart, editor().selectionEnd, "end");
    }
  }
})();
