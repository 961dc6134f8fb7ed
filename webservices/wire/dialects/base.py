"""
The class of which every vendor's dialect is a subclass: bytes into a Call, an Answer into bytes, names and contracts.

    class Rest(Dialect):
        name, label, media = "rest", "REST", "json"
        codes = CODES

        def read(self, request, operations, settings: RestSettings) -> Call: …         # or raises RequestError
        def build_request(self, call, context: RestContext) -> WireRequest: …           # `read` turns it back
        def write(self, answer, context: RestContext) -> WireResponse: …

Data are class attributes, the rest are methods with a default. A dialect is given its own context and its own settings
back and never another's, so its methods name their own types where the base says `Any`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Self
from urllib.parse import unquote

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.outcomes import Outcome
from records.shapes.problems import Family, Path, Problem
from records.shapes.resources import Resource
from records.shapes.values import Values
from webservices.wire.contracts.wsdl import body_element_name
from webservices.wire.credentials import Credentials, Password
from webservices.wire.messages import Answer, Call, DialectSettings, Failure, MessageContext, WireRequest, WireResponse
from webservices.wire.operations import Operation, Operations

Schemas = Sequence[bytes] | Sequence[Mapping[str, object]]  # XSD documents, or JSON Schemas


@dataclass(frozen=True)
class Secrets:
    """
    The places in a dialect's messages that hold secrets: they are masked before an exchange is stored.

    elements    XML elements whose text is a secret
    containers  elements in which all is secret but a user's name, whatever it is called there
    members     members of JSON whose value is a secret
    parameters  of the query string, likewise
    names       elements, members and parameters that say who is calling, and more than a name where it is put wrongly:
                only the name of a user who exists is kept
    documents   elements whose text may be a document of its own, which is looked at like the rest
    children    elements that hold secrets among others, each with a child that it may have: any other child is secret,
                as it may be one that is misspelled; `*Options` is every element whose name ends so
    """

    elements: frozenset[str] = frozenset()
    containers: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    children: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class WireField:
    """
    A field that a record may have in a message.

    name       on the wire
    path       of its value in a record: the field, and the key of a map's entry where the wire has that alone
    field      itself or, of such a map, its entries
    read_only  a write that would change it is refused here
    """

    name: str
    path: Path
    field: Field
    read_only: bool = False


@dataclass(frozen=True)
class CriterionHint:
    """A criterion that a message can carry under a name, its value still blank, and whether the message needs it."""

    name: str
    criterion: Criterion
    required: bool = False


@dataclass(frozen=True)
class SkeletonHints:
    """
    Facts about an operation in one context that skeletons need, and nobody else.

    key              the fields that name one record
    criteria         further fields that a skeleton of find asks for
    match_fields     fields beside the key by which a write finds its record: the skeleton of a new record leaves them
                     out, so that it finds no other
    comparators      those by which find may ask; (): the wire has none
    text_comparator  what a search compares a text with
    search_notes     sentences about searching, beside the comparators
    is_text          the records come as text inside the message, where no comment can stand
    only_criteria    the only criteria that the message can carry; None: any on a field
    replaces         what an update leaves out is cleared
    new_values       what a new record must have here beside what its declared example has
    """

    key: Sequence[str]
    criteria: Sequence[str] = ()
    match_fields: Sequence[str] = ()
    comparators: Sequence[Comparator] = ()
    text_comparator: Comparator = Comparator.EQUAL
    search_notes: Sequence[str] = ()
    is_text: bool = False
    only_criteria: Sequence[CriterionHint] | None = None
    replaces: bool = False
    new_values: Values = field(default_factory=dict)

    def build_criteria(self, resource: Resource, values: Mapping[str, str]) -> tuple[Criterion, ...]:
        """Return the criteria that ask for these values, by field, as far as the message can carry them."""
        if self.only_criteria is None:
            return tuple(
                Criterion((name,), self.comparator(resource.by_name[name]), (text,)) for name, text in values.items()
            )
        criteria = (hint.criterion for hint in self.only_criteria)
        return tuple(replace(each, values=(text,)) for each in criteria if (text := values.get(str(each.path[0]))))

    def comparator(self, field: Field) -> Comparator:
        """The comparator by which a search for exactly this value of a field asks."""
        kind = field.item.kind if field.kind is Kind.MAP else field.kind
        return self.text_comparator if kind is Kind.TEXT else Comparator.EQUAL


NO_FIELDS = Resource("", "", "", "", (), ())
WRONG_PASSWORD = Problem("wrong-password", Family.UNAUTHENTICATED, "The user name or the password is wrong.")


class Dialect:
    """
    One vendor's wire in one version.

    name             stable, as exchanges are stored with it: `oracle-2.0`
    media            `xml` or `json`
    codes            what each family of problem is on this wire (check webservices.E003: all of them)
    settings         what a site allows, unless it says otherwise
    needs_site       `read` needs the operations as the site has extended them, as custom fields go by their labels
    declined         by plural name, the stored resources that this wire does not offer, each with the reason (check
                     webservices.E014: each is offered or declined)
    left_out         fields that this wire does not carry, each with the reason
    fields           by a resource's plural name, the only fields that this wire carries of it (check webservices.E012:
                     there are such); a resource that is not named here has all its fields but those left out
    other_names      by a resource's plural name, further names that this wire takes for fields, each with the field
    vendor_fields    by a resource's plural name, the fields that this wire alone has, which are kept beside the record
    single_entries   map fields of which this wire carries one entry, each with the setting that names its key
    titles           of services that have a name of their own, by the name of the service
    clear_help       by kind of field, how one is cleared where an empty one says nothing
    tickets          elements that hold a secret, each with the one before it that says whose (`""`: nobody need be
                     named; of several names, with blanks between them, any): where such a one is empty, the test page
                     puts its signed-in user's ticket
    stored_headers   headers of this wire's own, in lower case, that an exchange keeps: each with the form that it may
                     have, as a caller may put anything there, a password too
    extra_paths      patterns of the paths at which it is spoken beside those where `build_request` sends
    recurs           a search is read in the same way whatever texts of ordinary characters stand in it, so that the
                     messages of one markup need to be read once (`webservices.wire.recurrence`)
    takes_parts      a message may come as the root part of a multipart request (`webservices.wire.multipart`)
    rejected_caller  for the reference pages: a caller that this wire refuses, in words, and the problem that it has
    """

    name: str
    label: str
    media: str
    codes: Mapping[Family, object] = {}
    secrets: Secrets = Secrets()
    settings: DialectSettings = DialectSettings()
    needs_site: bool = False
    declined: Mapping[str, str] = {}
    left_out: Mapping[str, str] = {}
    fields: Mapping[str, Sequence[str]] = {}
    other_names: Mapping[str, Mapping[str, str]] = {}
    vendor_fields: Mapping[str, Sequence[ScalarField]] = {}
    single_entries: Mapping[str, str] = {}
    clear_help: Mapping[Kind, str] = {}
    titles: Mapping[str, str] = {}
    tickets: Mapping[str, str] = {"Password": "Username"}
    extra_paths: Sequence[str] = ()
    stored_headers: Mapping[str, str] = {}
    recurs: bool = False
    takes_parts: bool = False
    rejected_caller: tuple[str, Problem] = ("with a wrong password", WRONG_PASSWORD)

    def __init__(self, settings: DialectSettings | None = None) -> None:
        if settings is not None:
            self.settings = settings

    def for_site(self, settings: Any) -> Self:
        """The dialect with a site's settings; itself, where they do not say what it offers."""
        return self

    # A message on its way in and out.

    def read(self, request: WireRequest, operations: Operations, settings: Any) -> Call:
        """Return the Call that a request makes; raises RequestError. Records may be read when they are looked at."""
        raise NotImplementedError

    def build_request(self, call: Call, context: Any) -> WireRequest:
        """Build the request that `read` turns into this call again: skeletons, round trips and replays use it."""
        raise NotImplementedError

    def write(self, answer: Answer | Failure, context: Any) -> WireResponse:
        """Write an answer, or the failure of a whole call, as a message's context asks for it."""
        raise NotImplementedError

    def contexts(self, operation: Operation) -> Sequence[MessageContext]:
        """Return every context in which an operation can be called; (): the dialect does not offer it."""
        return ()

    def credentials(self, operation: Operation, password: Password) -> Credentials | None:
        """Return what a request carries of a user's name and password: a wire may put a session there."""
        return password

    # The names of things.

    def spell(self, plural: str, path: Path) -> str:
        """Spell the path of a field of a resource, by its plural name, as the wire does."""
        raise NotImplementedError

    def speller(self, context: Any, operation: Operation) -> Callable[[Path], str]:
        """Return the function that spells paths of an operation's resource in a message's context."""
        return partial(self.spell, operation.resource.plural)

    def carries(self, plural: str, field: Field) -> bool:
        """True if this wire has a field of a resource; where it lists fields, those that a site defined come too."""
        if plural in self.fields:
            return field.custom or field.name in self.fields[plural]
        return field.name not in self.left_out

    def row_carries(self, plural: str, rows: str, field: Field) -> bool:
        """True if this wire has a field of the rows of a resource."""
        return field.name not in self.left_out

    def view_fields(self, resource: Resource) -> Sequence[Field]:
        """Return those of `Resource.vendor_view` that this wire takes."""
        return ()

    def wire_fields(self, operation: Operation, context: Any) -> Iterator[WireField]:
        """Yield the fields that a record of an operation may have in a message's context."""
        resource = operation.resource
        for entry in (*resource.writable, *self.view_fields(resource)):
            is_taken = not operation.takes or entry.name in operation.takes
            if is_taken and self.carries(resource.plural, entry):
                yield WireField(self.spell(resource.plural, (entry.name,)), (entry.name,), entry)

    def describe(self, field: Field) -> Field:
        """Return a field as people read of it: on some wires a flag is Y or N, or a map has one entry."""
        return field

    def help(self, field: Field) -> str:
        """Return what people read of a field: its help, and how it is cleared where an empty one does not say so."""
        return " ".join(filter(None, (self.describe(field).help, self.clear_help.get(field.kind, ""))))

    def known_names(self, operation: Operation, context: Any, parents: Path = ()) -> tuple[str, ...]:
        """Return the names that an operation has on this wire for fields of a record or, under `parents`, of a row."""
        resource, spell = operation.resource, self.speller(context, operation)
        if parents:
            field = resource.by_name.get(str(parents[0]))
            resource = field.child if field is not None and field.kind is Kind.ROWS else NO_FIELDS
        names = operation.takes or [field.name for field in resource.fields if self.carries(resource.plural, field)]
        own = (field.name for field in self.vendor_fields.get(resource.plural, ()))
        others = (*self.other_names.get(resource.plural, ()), *own)
        return (*(spell((*parents, name)).rpartition(".")[2] for name in names), *others)

    def spell_operation(self, operation: Operation, context: Any) -> str:
        """Return the name that sentences have for an operation: `getParts`; "": the hub's own will do."""
        return ""

    def messages(self, outcome: Outcome, operation: Operation, context: Any) -> Sequence[tuple[str, str]]:
        """Return code and sentence of all that a caller is told of a record."""
        spell = self.speller(context, operation)
        return [(each.code, each.sentence(spell)) for each in (*outcome.problems, *outcome.warnings)]

    # Services and their contracts.

    def service(self, operation: Operation, context: Any) -> str:
        """Return the service that an operation belongs to in a context."""
        return operation.resource.plural

    def operation_name(self, operation: Operation, context: Any, request: WireRequest) -> str:
        """Return the vendor's name of an operation: `getParts`, `PUT /api/v1/parts/{number}/`."""
        return body_element_name(request.body) if self.media == "xml" else f"{request.method} {unquote(request.path)}"

    def contract(self, plural: str) -> tuple[str, str]:
        """Return address and name of the document that describes a service: `("/wsAPI/…?wsdl", "WSDL")`."""
        return "", ""

    def contract_in(self, plural: str, context: Any) -> tuple[str, str]:
        """Return the same for a message's context, where a service has a document for each."""
        return self.contract(plural)

    def further_contracts(self, plural: str) -> Sequence[tuple[str, str]]:
        """Return address and name of the documents that describe a service beside its contract."""
        return ()

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        """Yield name and text of each contract as a file, for a server at an address."""
        yield from ()

    def request_schemas(self, request: WireRequest, operations: Operations, settings: Any) -> Schemas:
        """Return the schemas that the contract has for a request's body; (): it has none."""
        return ()

    def response_schemas(self, request: WireRequest, status: int, operations: Operations, settings: Any) -> Schemas:
        """Return the same for the body of the answer to a request, by its status."""
        return self.request_schemas(request, operations, settings)

    def skeleton_hints(self, operation: Operation, context: Any) -> SkeletonHints:
        """Return what skeletons of an operation need to know."""
        return SkeletonHints(operation.resource.key)
