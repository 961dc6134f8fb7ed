"""
What the page shows: everything chosen, everything that can be chosen, the input and the answer. Without a request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from webservices.contracts.offers import Offer, service_offers
from webservices.dialects.shape import Dialect
from webservices.operations import Operations, Verb
from webservices.testpage.choices import FIRST_TAB, PRESELECTED, Tab, tabs, versions
from webservices.testpage.sending import Sent
from webservices.testpage.showing import coloured, pretty, size_words


@dataclass(frozen=True)
class Chosen:
    """What the tester has chosen; whatever is unknown or blank has become the first that there is."""

    dialect: Dialect
    tab: Tab
    api: Offer
    key: Mapping[str, str]


@dataclass(frozen=True)
class KeyField:
    """An input of the page for one field of the key; `blank` says what it means to leave it so."""

    name: str
    label: str
    value: str
    max_length: int | None
    blank: str


@dataclass(frozen=True)
class Shown:
    """An answer as the page shows it."""

    sent: Sent
    body: SafeString
    raw: str
    size: str
    time: str
    colour: str


@dataclass(frozen=True)
class Page:
    """All that the template reads."""

    chosen: Chosen
    versions: Sequence[Dialect]
    tabs: list[Tab]
    apis: list[Offer]
    key_fields: list[KeyField]
    contract: str
    contract_label: str
    url: str = ""
    method: str = "POST"
    text: str = ""
    made_for: str = ""
    made_from: str = ""
    problem: str = ""
    shown: Shown | None = None


def choose(asked: Mapping[str, str], operations: Operations) -> Chosen:
    """What is chosen by `version`, `tab`, `api` and `key-…`."""
    all_versions = versions(operations)
    dialect = _named(all_versions, asked.get("version", ""), _named(all_versions, PRESELECTED, all_versions[0]))
    all_tabs = tabs(dialect, operations)
    tab = _named(all_tabs, asked.get("tab", ""), _named(all_tabs, FIRST_TAB, all_tabs[0]))
    all_apis = service_offers(dialect, tab.name, operations)
    api = _named(all_apis, asked.get("api", ""), all_apis[0])
    key = {each.name: asked.get(f"key-{each.name}", "").strip() for each in api.operation.resource.key_fields}
    return Chosen(dialect, tab, api, key)


def _named(found: Sequence, name: str, otherwise):
    return next((each for each in found if each.name == name), otherwise)


def page(chosen: Chosen, operations: Operations, **shown: object) -> Page:
    """The page for what is chosen; `shown` is the rest of its fields."""
    contract, label = chosen.dialect.contract(chosen.tab.name)
    return Page(
        chosen=chosen,
        versions=versions(operations),
        tabs=tabs(chosen.dialect, operations),
        apis=service_offers(chosen.dialect, chosen.tab.name, operations),
        key_fields=[
            KeyField(
                each.name,
                each.label[:1].upper() + each.label[1:],
                chosen.key[each.name],
                each.max_length,
                "blank: it is drawn" if each.drawn and chosen.api.operation.verb is Verb.ADD else "blank: the example",
            )
            for each in chosen.api.operation.resource.key_fields
        ],
        contract=contract,
        contract_label=label,
        **shown,
    )


def show(sent: Sent) -> Shown:
    """The answer, indented and coloured."""
    raw = sent.body.decode("utf-8", "replace")
    return Shown(
        sent=sent,
        body=coloured(pretty(raw, sent.content_type), sent.content_type),
        raw=raw,
        size=size_words(len(sent.body)),
        time=f"{sent.milliseconds:.0f} ms" if sent.milliseconds >= 10 else f"{sent.milliseconds:.1f} ms",
        colour="good" if sent.status < 300 else "notice" if sent.status < 400 else "bad",
    )
