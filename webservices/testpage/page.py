"""
What the page shows: everything chosen, everything that can be chosen, the input and the answer. Without a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from webservices.contracts.offers import Offer, offers
from webservices.dialects.shape import Dialect
from webservices.operations import Operations
from webservices.testpage.choices import PRESELECTED, Tab, Version, tabs, versions
from webservices.testpage.sending import Sent
from webservices.testpage.services import contract_link
from webservices.testpage.showing import coloured, pretty, size_words


@dataclass(frozen=True)
class Chosen:
    """What the tester has chosen; whatever is unknown or blank has become the first that there is."""

    version: Version
    tab: Tab
    api: Offer
    key: Mapping[str, str]

    @property
    def dialect(self) -> Dialect:
        return self.version.dialect


@dataclass(frozen=True)
class KeyField:
    """An input of the page for one field of the key."""

    name: str
    label: str
    value: str
    max_length: int | None


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
    versions: list[Version]
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
    all_versions = [version for version in versions() if version.dialect]
    preselected = _named(all_versions, PRESELECTED, all_versions[0])
    version = _named(all_versions, asked.get("version", ""), preselected)
    all_tabs = tabs(version.dialect, operations)
    tab = _named(all_tabs, asked.get("tab", ""), all_tabs[0])
    all_apis = offers(version.dialect, tab.name, operations)
    api = _named(all_apis, asked.get("api", ""), all_apis[0])
    key = {each.name: asked.get(f"key-{each.name}", "").strip() for each in tab.key_fields}
    return Chosen(version, tab, api, key)


def _named(found: list, name: str, otherwise):
    return next((each for each in found if each.name == name), otherwise)


def page(chosen: Chosen, operations: Operations, **shown: object) -> Page:
    """The page for what is chosen; `shown` is the rest of its fields."""
    contract, label = contract_link(chosen.dialect, chosen.api.request)
    return Page(
        chosen=chosen,
        versions=versions(),
        tabs=tabs(chosen.dialect, operations),
        apis=offers(chosen.dialect, chosen.tab.name, operations),
        key_fields=[
            KeyField(each.name, each.label.capitalize(), chosen.key[each.name], each.max_length)
            for each in chosen.tab.key_fields
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
