"""
All that the test page shows, apart from the request: the selection, all that can be selected, the input, the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from webservices.tester.compose.bulk import MOST
from webservices.tester.compose.choices import FIRST_TAB, PRESELECTED, Tab, tabs, versions
from webservices.tester.compose.inputs import DEFAULT_OPTIONS, InputOptions
from webservices.tester.compose.snippets.languages import Language
from webservices.tester.compose.validate.problem import Validation
from webservices.tester.exchanges.comparison import Comparison
from webservices.tester.exchanges.outcomes import NO_OUTCOMES, Outcomes, build_outcomes
from webservices.tester.send.client import Response
from webservices.tester.send.credentials import ME
from webservices.tester.send.highlight import format_size, highlight, indent_body
from webservices.tester.send.server_timing import Phase, parse_phases
from webservices.wire.dialects.base import Dialect
from webservices.wire.operations import Kind, Operations, Verb
from webservices.wire.options import Option, own_options
from webservices.wire.reference.catalog import Offer, service_offers

HIDDEN = "***"


class Named(Protocol):
    @property
    def name(self) -> str: ...


NamedT = TypeVar("NamedT", bound=Named)


@dataclass(frozen=True)
class Selection:
    """The tester's selection; an unknown or blank part of it has become the first that there is."""

    dialect: Dialect
    tab: Tab
    api: Offer
    key: Mapping[str, str]
    options: InputOptions = DEFAULT_OPTIONS


@dataclass(frozen=True)
class KeyField:
    """A form field of the page for one field of the key; `blank` says what an empty one stands for."""

    name: str
    label: str
    value: str
    max_length: int | None
    blank: str


@dataclass(frozen=True)
class AnswerView:
    """
    An answer as the page shows it.

    media  `xml`, `json` or `text`: the language by which the editor colours it
    """

    response: Response
    body: SafeString
    raw: str
    size: str
    time: str
    colour: str
    media: str = "text"
    phases: Sequence[Phase] = ()
    outcomes: Outcomes = NO_OUTCOMES


@dataclass(frozen=True)
class Snippet:
    """
    The request as a program in one language, and the languages that it can be written in.

    secret  the environment variable that must hold the secret; "": none is needed
    """

    language: Language
    languages: Sequence[Language]
    code: str
    secret: str = ""


@dataclass(frozen=True)
class FormInput:
    """
    The rest of what the tester typed; of credentials only the user's name.

    table, table_problem  the pasted CSV, and the sentence that says why it cannot be used
    headers               request headers beside those that the API needs, a line each
    """

    dry: bool = False
    sent_as: str = ME
    name: str = ""
    table: str = ""
    table_problem: str = ""
    headers: str = ""


@dataclass(frozen=True)
class Page:
    """
    All that the template reads.

    offer_name  the API for which the input was generated, which need not be the selected one
    source      a sentence that says where the input comes from
    validation  the input compared with the contract; None: it was not compared
    original    id of the call that the input was made of; "": of none
    comparison  the answer beside that of the original
    """

    selection: Selection
    versions: Sequence[Dialect]
    tabs: Sequence[Tab]
    apis: Sequence[Offer]
    key_fields: list[KeyField]
    contract: str
    contract_label: str
    url: str = ""
    method: str = "POST"
    text: str = ""
    offer_name: str = ""
    source: str = ""
    problem: str = ""
    answer: AnswerView | None = None
    snippet: Snippet | None = None
    validation: Validation | None = None
    form: FormInput = FormInput()
    original: str = ""
    comparison: Comparison | None = None

    @property
    def own_options(self) -> list[Option]:
        """The options that the selected operation has, and not every write."""
        return own_options([self.selection.api.operation])

    @property
    def max_records(self) -> int:
        """The largest number of records that an input can be generated for."""
        return MOST

    @property
    def side_by_side_query(self) -> str:
        """The query of the page that shows this operation in two versions."""
        return side_by_side_query(self.selection)

    @property
    def has_options(self) -> bool:
        """True if several records, or only the required fields, can be asked for."""
        return self.selection.api.operation.kind is not Kind.ACTION

    @property
    def title(self) -> str:
        """`modifyParts · 200 · 3 of 200 failed` when there is an answer, else the page's own name."""
        if self.answer is None:
            return "Web Services Test"
        offer = find_by_name(self.apis, self.offer_name, self.selection.api)
        parts = [offer.label, str(self.answer.response.status)]
        counts = self.answer.outcomes.counts or {}
        if failed := counts.get("failed"):
            parts.append(f"{failed:,} of {sum(counts.values()):,} failed")
        return " · ".join(parts)


def read_selection(query: Mapping[str, str], operations: Operations) -> Selection:
    """The selection by `version`, `tab`, `api`, `key-…`, `fields` and `count`."""
    all_versions = versions(operations)
    preselected = find_by_name(all_versions, PRESELECTED, all_versions[0])
    dialect = find_by_name(all_versions, query.get("version", ""), preselected)
    all_tabs = tabs(dialect, operations)
    tab = find_by_name(all_tabs, query.get("tab", ""), find_by_name(all_tabs, FIRST_TAB, all_tabs[0]))
    all_apis = service_offers(dialect, tab.name, operations)
    api = find_by_name(all_apis, query.get("api", ""), all_apis[0])
    key = {each.name: query.get(f"key-{each.name}", "").strip() for each in api.operation.resource.key_fields}
    return Selection(dialect, tab, api, key, read_options(query))


def read_options(query: Mapping[str, str]) -> InputOptions:
    """The options of an input by `fields` and `count`."""
    return InputOptions(query.get("fields") == "required", _read_count(query.get("count", "")))


def side_by_side_query(selection: Selection) -> str:
    """The query that shows the selected operation beside the same one in another version."""
    key = {f"key-{name}": text for name, text in selection.key.items() if text}
    options = {"fields": "required" if selection.options.required_only else "all", "count": selection.options.count}
    return urlencode({"asked": selection.api.operation.name, "left": selection.dialect.name, **key, **options})


def _read_count(text: str) -> int:
    """A number of records from 1 to MOST, whatever was typed."""
    # Nine digits: `int` is slow for many. `isascii`, since `isdigit` takes superscripts too, which `int` refuses.
    digits = text.strip()[:9]
    return min(max(int(digits), 1), MOST) if digits.isascii() and digits.isdigit() else 1


def find_by_name(candidates: Sequence[NamedT], name: str, default: NamedT) -> NamedT:
    """The first candidate of this name, else the default."""
    return next((each for each in candidates if each.name == name), default)


def build_page(selection: Selection, operations: Operations, **fields: Any) -> Page:
    """The page for a selection; `fields` are the other fields of Page."""
    contract, label = selection.dialect.contract_in(selection.tab.name, selection.api.context)
    return Page(
        selection=selection,
        versions=versions(operations),
        tabs=tabs(selection.dialect, operations),
        apis=service_offers(selection.dialect, selection.tab.name, operations),
        key_fields=_key_fields(selection),
        contract=contract,
        contract_label=label,
        **fields,
    )


def _key_fields(selection: Selection) -> list[KeyField]:
    operation = selection.api.operation
    return [
        KeyField(
            each.name,
            each.label[:1].upper() + each.label[1:],
            selection.key[each.name],
            each.max_length,
            "blank: it is drawn" if each.auto_number and operation.verb is Verb.ADD else "blank: the example",
        )
        for each in operation.resource.key_fields
    ]


def build_answer_view(response: Response, text: str = "", secret: str = "") -> AnswerView:
    """
    The answer, indented and highlighted.

    text    the input, whose records the outcomes are about
    secret  the password or key that was typed for this call; a server may repeat it in its answer
    """
    raw = response.body.decode("utf-8", "replace")
    # Before the text is indented and highlighted: marks within the secret would hide it from the search.
    raw = raw.replace(secret, HIDDEN) if secret else raw
    milliseconds, status = response.milliseconds, response.status
    return AnswerView(
        response=response,
        body=highlight(indent_body(raw, response.content_type), response.content_type),
        raw=raw,
        size=format_size(len(response.body)),
        time=f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms",
        colour="good" if status < 300 else "notice" if status < 400 else "bad",
        media=next((media for media in ("json", "xml") if media in response.content_type), "text"),
        phases=parse_phases(response.headers),
        outcomes=build_outcomes(response.completed, text),
    )
