"""What a dialect is: functions over bytes and messages, and tables of its spelling."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from records.shapes.criteria import Comparator
from records.shapes.fields import Field
from records.shapes.outcomes import Outcome
from records.shapes.problems import Family, Path, Problem
from records.shapes.resources import Resource
from webservices.wire.credentials import Credentials, Password
from webservices.wire.messages import Answer, Call, DialectSettings, Failure, MessageContext, WireRequest, WireResponse
from webservices.wire.operations import Operation, Operations


@dataclass(frozen=True)
class Secrets:
    """
    Where a dialect's messages hold secrets: what is masked before an exchange is stored.

    containers  elements in which all is secret but a user's name, whatever it is called there
    names       elements that say who is calling, and more than a name where it is put wrongly: nothing of them is kept
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


WRONG_PASSWORD = Problem("wrong-password", Family.UNAUTHENTICATED, "The user name or the password is wrong.")


@dataclass(frozen=True)
class Dialect:
    """
    One vendor's wire in one version.

    name      stable, kept in exchanges: `oracle-2.0`
    read      bytes into a Call; raises RequestError
    ask       a Call into the request that `read` turns back into it: skeletons and round trips are made of these
    write     an Answer or a Failure into bytes
    manners   every manner in which an operation can be asked; none: the dialect does not offer it
    spell     the wire's name of a field's path of a resource (by its plural name)
    families  what each family of problem is on this wire (check webservices.E003: all of them)
    media     `xml` or `json`
    left_out  fields that this wire does not carry, each with the reason
    lists     by a resource's plural name, the only fields that this wire carries of it (check webservices.E012: there
              are such); a resource that is not named here is carried with all its fields but those left out
    custom    of a resource that `lists` names, by its plural name, whether a field that a site defined is carried
    single    map fields of which this wire carries one entry, with its key unless the site says otherwise
    seen      a field as this wire has it, in what people read: a flag that is Y or N, one entry of a map
    knows_site  whether `read` needs the operations as the site has extended them, as custom fields go by their labels
    credentials  what a request of an operation carries of a user's name and password: a wire may put a session there
    also_asked  by a resource's plural name, the fields that a skeleton of find asks for beside the key
    named_by    the fields that name one record when an operation is asked in a manner: its key, unless said otherwise
    found_by  by a resource's plural name, the fields beside those by which a write finds its record: the skeleton of a
              new record leaves them out, so that it finds no other
    called    what an operation is called in a manner, where the name of the Body's child, or the address, does not tell
    comparators  those by which find may ask; (): the wire does not say them
    compares    what a search by a field compares with, when it is to find what a skeleton names
    searched    what a skeleton of find says of searching in a manner, beside the comparators
    service     the service that an operation belongs to when it is asked in a manner: that of its kind of record
    in_text     whether what is asked in a manner holds its records as text, in which no comment can stand
    titles      of services that have a name of their own, by the name of the service
    contract    address and name of what describes a service
    tickets     elements that hold a secret, each with the one beside it that says whose (`""`: nobody need be named):
                where such a one is empty, the test page puts its signed-in user's ticket
    stranger    for the reference pages: whose call this wire refuses, and why
    spell_in    `spell` as a manner has it; None: all have the same
    on_site     the dialect as the site's terms have it, where these say what it offers; None: it is as it is
    schemas     what a request's body must be, as far as the contract says, by where it goes and what is in it:
                schemas of XML as documents, or a JSON Schema
    also_at     patterns of the paths at which it is spoken beside those where `ask` sends
    answers     the same of the body of an answer, by its status; None: `schemas` describe both
    messages    code and sentence of all that a caller is told of a record; None: its problems, by their own codes
    """

    name: str
    label: str
    media: str
    read: Callable[[WireRequest, Operations, DialectSettings], Call]
    build_request: Callable[[Call, MessageContext], WireRequest]
    write: Callable[[Answer | Failure, MessageContext], WireResponse]
    contexts: Callable[[Operation], Sequence[MessageContext]]
    spell: Callable[[str, Path], str]
    families: Mapping[Family, object]
    secrets: Secrets = Secrets()
    settings: DialectSettings = field(default_factory=DialectSettings)
    left_out: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    custom: Callable[[str, Field], bool] = lambda plural, entry: True
    single: Mapping[str, str] = field(default_factory=dict)
    seen: Callable[[Field], Field] = lambda entry: entry
    knows_site: bool = False
    also_asked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    credentials: Callable[[Operation, Password], Credentials] = lambda operation, who: who
    named_by: Callable[[Operation, MessageContext], Sequence[str]] = lambda operation, context: operation.resource.key
    found_by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    called: Callable[[Operation, MessageContext], str] | None = None
    comparators: Sequence[Comparator] = tuple(Comparator)
    compares: Callable[[Field], Comparator] = lambda entry: Comparator.EQUAL
    searched: Callable[[MessageContext], Sequence[str]] = lambda context: ()
    service: Callable[[Operation, MessageContext], str] = lambda operation, context: operation.resource.plural
    in_text: Callable[[MessageContext], bool] = lambda context: False
    titles: Mapping[str, str] = field(default_factory=dict)
    contract: Callable[[str], tuple[str, str]] = lambda plural: ("", "")
    tickets: Mapping[str, str] = field(default_factory=lambda: {"Password": "Username"})
    stranger: tuple[str, Problem] = ("with a wrong password", WRONG_PASSWORD)
    spell_in: Callable[[MessageContext, Resource, Path], str] | None = None
    on_site: "Callable[[Dialect, DialectSettings], Dialect] | None" = None
    messages: Callable[[Outcome, Operation, MessageContext], Sequence[tuple[str, str]]] | None = None
    schemas: Callable[[WireRequest, Operations, DialectSettings], Sequence[bytes | Mapping[str, object]]] = (
        lambda request, operations, settings: ()
    )
    also_at: Sequence[str] = ()
    answers: (
        Callable[[WireRequest, int, Operations, DialectSettings], Sequence[bytes | Mapping[str, object]]] | None
    ) = None

    def carries(self, plural: str, entry: Field) -> bool:
        """Whether this wire has a field of a kind of record."""
        if plural not in self.lists:
            return entry.name not in self.left_out
        return self.custom(plural, entry) if entry.custom else entry.name in self.lists[plural]

    def speller(self, context: MessageContext, operation: Operation) -> Callable[[Path], str]:
        """How a path of the operation's resource is spelled in a manner."""
        if self.spell_in:
            return partial(self.spell_in, context, operation.resource)
        return partial(self.spell, operation.resource.plural)

    def told(self, outcome: Outcome, operation: Operation, context: MessageContext) -> Sequence[tuple[str, str]]:
        """Code and sentence of all that a caller is told of a record."""
        if self.messages:
            return self.messages(outcome, operation, context)
        spell = self.speller(context, operation)
        return [(problem.code, problem.sentence(spell)) for problem in outcome.problems]
