"""
What the page shows: everything chosen, everything that can be chosen, the input and the answer. Without a request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from webservices.tester.compose.bulk import MOST
from webservices.tester.compose.choices import FIRST_TAB, PRESELECTED, Tab, tabs, versions
from webservices.tester.compose.inputs import ONE, Wish
from webservices.tester.compose.snippets.languages import Language
from webservices.tester.compose.validate.inputs import Checked
from webservices.tester.exchanges.comparison import Comparison
from webservices.tester.exchanges.outcomes import NONE, Outcomes, outcomes_of
from webservices.tester.send.client import Sent
from webservices.tester.send.credentials import ME
from webservices.tester.send.highlight import coloured, pretty, size_words
from webservices.tester.send.server_timing import Piece, pieces_of
from webservices.wire.dialects.base import Dialect
from webservices.wire.operations import Kind, Operations, Verb
from webservices.wire.reference.catalog import Offer, service_offers

HIDDEN = "***"


@dataclass(frozen=True)
class Chosen:
    """What the tester has chosen; whatever is unknown or blank has become the first that there is."""

    dialect: Dialect
    tab: Tab
    api: Offer
    key: Mapping[str, str]
    wish: Wish = ONE


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
    """
    An answer as the page shows it.

    media  `xml`, `json` or `text`: what the editor colours
    """

    sent: Sent
    body: SafeString
    raw: str
    size: str
    time: str
    colour: str
    media: str = "text"
    chunks: Sequence[Piece] = ()
    outcomes: Outcomes = NONE


@dataclass(frozen=True)
class Built:
    """
    The request in one language, and in which others it can be written.

    secret  the variable of the environment that must hold the secret; "": none is needed
    """

    language: Language
    languages: Sequence[Language]
    code: str
    secret: str = ""


@dataclass(frozen=True)
class Typed:
    """
    What else the tester has said; of credentials no more than whose they are.

    table, wrong_table  the pasted CSV, and what is wrong with it
    headers             those beside what the API needs, a line each
    """

    dry: bool = False
    sent_as: str = ME
    name: str = ""
    table: str = ""
    wrong_table: str = ""
    headers: str = ""


@dataclass(frozen=True)
class Page:
    """
    All that the template reads.

    checked   what the contract says of the input; None: it was not held against it
    original  id of the call that the input was made of; "": of none
    compared  the answer beside that of the original
    """

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
    built: Built | None = None
    checked: Checked | None = None
    typed: Typed = Typed()
    original: str = ""
    compared: Comparison | None = None

    @property
    def most(self) -> int:
        """How many records can be wished for."""
        return MOST

    @property
    def beside(self) -> str:
        """The query of the page that shows this operation in two versions."""
        return beside_query(self.chosen)

    @property
    def takes_wishes(self) -> bool:
        """Whether it makes sense to ask for several records, or for what is required alone."""
        return self.chosen.api.operation.kind is not Kind.ACTION


def choose(asked: Mapping[str, str], operations: Operations) -> Chosen:
    """What is chosen by `version`, `tab`, `api`, `key-…`, `fields` and `count`."""
    all_versions = versions(operations)
    dialect = _named(all_versions, asked.get("version", ""), _named(all_versions, PRESELECTED, all_versions[0]))
    all_tabs = tabs(dialect, operations)
    tab = _named(all_tabs, asked.get("tab", ""), _named(all_tabs, FIRST_TAB, all_tabs[0]))
    all_apis = service_offers(dialect, tab.name, operations)
    api = _named(all_apis, asked.get("api", ""), all_apis[0])
    key = {each.name: asked.get(f"key-{each.name}", "").strip() for each in api.operation.resource.key_fields}
    return Chosen(dialect, tab, api, key, wish_of(asked))


def wish_of(asked: Mapping[str, str]) -> Wish:
    """What an input is to hold, by `fields` and `count`."""
    return Wish(asked.get("fields") == "required", _count(asked.get("count", "")))


def beside_query(chosen: Chosen) -> str:
    key = {f"key-{name}": text for name, text in chosen.key.items() if text}
    wish = {"fields": "required" if chosen.wish.required_only else "all", "count": chosen.wish.count}
    return urlencode({"asked": chosen.api.operation.name, "left": chosen.dialect.name, **key, **wish})


def _count(text: str) -> int:
    """A number of records from 1 to MOST, whatever was typed."""
    digits = text.strip()[:9]
    return min(max(int(digits), 1), MOST) if digits.isascii() and digits.isdigit() else 1


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
                "blank: it is drawn"
                if each.auto_number and chosen.api.operation.verb is Verb.ADD
                else "blank: the example",
            )
            for each in chosen.api.operation.resource.key_fields
        ],
        contract=contract,
        contract_label=label,
        **shown,
    )


def show(sent: Sent, text: str = "", secret: str = "") -> Shown:
    """
    The answer, indented and coloured.

    text    the input, whose records the outcomes are about
    secret  what was entered for this call only
    """
    raw = sent.body.decode("utf-8", "replace")
    raw = raw.replace(secret, HIDDEN) if secret else raw
    return Shown(
        sent=sent,
        body=coloured(pretty(raw, sent.content_type), sent.content_type),
        raw=raw,
        size=size_words(len(sent.body)),
        time=f"{sent.milliseconds:.0f} ms" if sent.milliseconds >= 10 else f"{sent.milliseconds:.1f} ms",
        colour="good" if sent.status < 300 else "notice" if sent.status < 400 else "bad",
        media=next((media for media in ("json", "xml") if media in sent.content_type), "text"),
        chunks=pieces_of(sent.headers),
        outcomes=outcomes_of(sent.passage, text),
    )
