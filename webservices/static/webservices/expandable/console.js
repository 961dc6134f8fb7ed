// "Try the API": sends what is in the text area to the page's own call, and shows what comes back.
// A token that was got is kept for this tab and put where AUTH_TOKEN is empty.
"use strict";
(() => {
  const KEPT = "expandable-auth-token";
  const EMPTY_TOKEN = /("AUTH_TOKEN"\s*:\s*)""/;
  const find = (id) => document.getElementById(id);
  const form = find("console");
  const request = find("request");
  const button = form.querySelector("button");

  function fillToken() {
    const token = sessionStorage.getItem(KEPT);
    if (token && EMPTY_TOKEN.test(request.value)) {
      request.value = request.value.replace(EMPTY_TOKEN, (_, name) => name + JSON.stringify(token));
      find("filled").hidden = false;
    }
  }

  function pretty(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }

  function keepToken(text) {
    try {
      const { AUTH_TOKEN: token } = JSON.parse(text);
      if (token) sessionStorage.setItem(KEPT, token);
    } catch {
      // no JSON, no token
    }
  }

  function show(status, headers, body, good) {
    find("status").textContent = status;
    find("status").className = good ? "good" : "bad";
    find("headers").textContent = headers;
    find("body").textContent = body;
    find("response").hidden = false;
    find("response").scrollIntoView({ block: "nearest" });
  }

  async function send() {
    button.disabled = true;
    try {
      const headers = { "Content-Type": "application/json" };
      const options = { method: "POST", headers, body: request.value, credentials: "omit", cache: "no-store" };
      const response = await fetch(form.dataset.url, options);
      const text = await response.text();
      const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
      if (response.ok) keepToken(text);
      show(`${response.status}/${response.statusText}`, lines.join("\n"), pretty(text), response.ok);
    } catch (error) {
      show("The server does not answer.", "", String(error), false);
    } finally {
      button.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  request.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !button.disabled) {
      event.preventDefault();
      send();
    }
  });
  fillToken();
})();
