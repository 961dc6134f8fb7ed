"use strict";
// The boxes of fields that name another record: they search for it by what is typed.
{
  const $ = django.jQuery;

  function narrowing(element) {
    const name = element.dataset.narrowedBy;
    const other = name && element.form.elements.namedItem(name);
    return other && other.value ? { [name]: other.value } : {};
  }

  function start(element) {
    if (element.name.includes("__prefix__") || $(element).hasClass("select2-hidden-accessible")) {
      return;
    }
    const link = element.closest(".record-reference-box").querySelector("a");
    const show = (address) => {
      link.hidden = !address;
      link.href = address || "";
    };

    $(element)
      .select2({
        ajax: {
          url: element.dataset.address,
          delay: 250,
          data: (params) => ({ term: params.term || "", page: params.page || 1, ...narrowing(element) }),
        },
        templateSelection: (choice) => (element.dataset.brief && choice.id) || choice.text,
      })
      .on("select2:select", (event) => show(event.params.data.address))
      .on("select2:clear", () => show(""));
    named(element);
  }

  // What the box is called: its label, or in a row what its column is.
  function named(element) {
    const [label] = element.labels;
    const name = element.getAttribute("aria-label") || (label ? label.textContent.trim() : element.name);
    for (const part of element.nextElementSibling.querySelectorAll("[role=combobox], [role=textbox]")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
  }

  $(() => document.querySelectorAll("select.record-reference").forEach(start));

  document.addEventListener("formset:added", (event) => {
    event.target.querySelectorAll("select.record-reference").forEach(start);
  });
}
