"""Pages of the admin as a browser has them: what a form would send, and what a page says."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

ABSENT = object()
ROW = re.compile(r"(\w+?)_(\d+)_(\w+)")


def filled(response, **typed: object) -> dict[str, object]:
    """
    What the page's own form sends, with what is typed into it; ABSENT: not sent (an unticked box).

    A row of an inline is typed under its name, `prices-0-amount` as `prices_0_amount`.
    """
    (form,) = (
        form for form in html.fromstring(response.content.decode()).forms if form.get("id", "").endswith("_form")
    )
    sent: dict[str, object] = {}
    for name, value in form.form_values():
        sent[name] = value if name not in sent else [*_listed(sent[name]), value]
    for key, value in typed.items():
        name = key if key in sent else _row_name(key)
        if value is ABSENT:
            sent.pop(name, None)
        else:
            sent[name] = value
    return sent


def _row_name(key: str) -> str:
    if row := ROW.fullmatch(key):
        return "-".join(row.groups())
    return key.replace("custom_", "custom-", 1)


def _listed(value: object) -> list:
    return value if isinstance(value, list) else [value]


def said(response) -> str:
    """The text of the page, in one line."""
    page = html.fromstring(response.content.decode())
    for element in page.xpath("//script | //style"):
        element.drop_tree()
    return " ".join(page.text_content().split())


def errors(response) -> dict[str, list[str]]:
    """The errors of the form and its rows, by the name of the input; `""` holds those of no input."""
    context = response.context
    found = {"" if name == "__all__" else name: list(texts) for name, texts in context["adminform"].form.errors.items()}
    for inline in context["inline_admin_formsets"]:
        if texts := list(inline.formset.non_form_errors()):
            found[inline.formset.prefix] = texts
        for form in inline.formset.forms:
            found |= {form.add_prefix(name): list(texts) for name, texts in form.errors.items()}
    return found


def page_of(record, page: str = "change") -> str:
    """The address of a record's page: change, history, delete."""
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[record.pk])


def change(client, record, **typed: object):
    """Opens the record's page, types, and presses Save."""
    return client.post(page_of(record), filled(client.get(page_of(record)), **typed))


def queries(client, address: str) -> int:
    """What a page costs, once the site's definitions are known to the process."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
