"use strict";
// The boxes of fields that name another record: they search for it by the typed text.
{
  const $ = django.jQuery;

  function dependency(element) {
    const name = element.dataset.dependsOn;
    const other = name && element.form.elements.namedItem(name);
    return other && other.value ? { [name]: other.value } : {};
  }

  function start(element) {
    // The empty row that new rows are copied from stays plain: a copy of a Select2 box would not work.
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
          data: (params) => ({ term: params.term || "", page: params.page || 1, ...dependency(element) }),
        },
        templateSelection: (choice) => (element.dataset.brief && choice.id) || choice.text,
      })
      .on("select2:select", (event) => show(event.params.data.address))
      .on("select2:clear", () => show(""));
    setName(element);
  }

  // Select2 takes its accessible name from the selected text; give it the label of the field, or in a row its column's.
  function setName(element) {
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
