"""Calls and records that hypothesis makes up, for round trips and schemas."""

from hypothesis import strategies as st

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Tags
from webservices.wire.contracts.xsd import known_keys
from webservices.wire.credentials import Password, SessionToken
from webservices.wire.dialects.oracle.names import FLAG_WORDS, REMOVAL_KEYS, wire_fields
from webservices.wire.dialects.oracle.tests.parts import operation, resource
from webservices.wire.messages import Call, Options
from webservices.wire.operations import Verb

# What XML can carry; what it cannot, the core does not let in.
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(CHARACTERS, min_size=1)
STRIPPED = st.text(CHARACTERS).map(str.strip)


def in_own_word(text: str) -> bool:
    """True if a text is a flag in a word of Oracle's own, which is read as the hub's."""
    return text.strip().lower() in FLAG_WORDS


def any_value(field: Field) -> st.SearchStrategy:
    """Values that may be no good for the field, in its shape."""
    match field.kind:
        case Kind.MAP:
            entries = st.dictionaries(st.sampled_from(known_keys(field)), TEXTS | st.just(EMPTY), min_size=1)
            return st.just(EMPTY) | entries
        case Kind.LIST:
            return st.just(EMPTY) | st.lists(TEXTS, min_size=1, max_size=3)
        case Kind.ROWS:
            return st.just(EMPTY) | st.lists(records(field.child), min_size=1, max_size=2)
    if field.name == "active":  # an empty flag is an absent one
        return TEXTS.filter(str.strip)
    return st.just(EMPTY) | TEXTS.filter(lambda text: not in_own_word(text))


def records(of: Resource, value_of=any_value, required=(), most: int = 8) -> st.SearchStrategy:
    """Records in the order of the resource, most fields left out."""
    fields = wire_fields(of)
    needed = {field.name for field in fields if field.name in required}
    chosen = st.sets(st.sampled_from([field.name for field in fields]), max_size=most)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries(
            {field.name: value_of(field) for field in fields if field.name in names | needed}
        )
    )


OPTIONS = st.builds(
    Options,
    dry_run=st.booleans(),
    all_or_none=st.booleans(),
    if_match=st.none() | st.builds(Tags, st.tuples(st.integers(0, 999_999_999))),
    idempotency_key=st.sampled_from(["", "8e03978e 40d5", '"quoted']),
)
CREDENTIALS = {
    "oracle-2.0": st.none() | st.builds(Password, STRIPPED, st.text(CHARACTERS)),
    "oracle-1.0": st.builds(SessionToken, STRIPPED),
}
ONE_VALUE = st.sampled_from([each for each in Comparator if each is not Comparator.IN])


def paths(of: Resource) -> st.SearchStrategy:
    """What a criterion may name; of a map also one of its entries."""
    entries = [(field.name, known_keys(field)[0]) for field in of.fields if field.kind is Kind.MAP]
    return st.sampled_from([(field.name,) for field in wire_fields(of)] + entries)


def criteria(of: Resource) -> st.SearchStrategy:
    texts = STRIPPED.filter(lambda text: not in_own_word(text))
    several = st.lists(texts.filter(lambda text: "," not in text), min_size=1, max_size=3).map(tuple)
    return st.lists(
        st.builds(Criterion, paths(of), ONE_VALUE, st.tuples(texts))
        | st.builds(Criterion, paths(of), st.just(Comparator.IN), several),
        max_size=4,
    ).map(tuple)


def removal_criteria(of: Resource) -> st.SearchStrategy:
    """The criteria that a removal needs."""
    names = REMOVAL_KEYS.get(of.plural, (of.key,))[-1]
    value = st.tuples(STRIPPED.filter(bool))
    return st.tuples(*(st.builds(Criterion, st.just((name,)), st.just(Comparator.EQUAL), value) for name in names))


def calls(plural: str, dialect: str) -> st.SearchStrategy:
    """Calls as Oracle's wire can say them."""
    of = resource(plural)
    writes = [operation(verb, plural) for verb in (Verb.ADD, Verb.UPDATE, Verb.PUT)]
    both = {"options": OPTIONS, "credentials": CREDENTIALS[dialect]}
    removed = st.builds(lambda named, more: (*named, *more), removal_criteria(of), criteria(of))
    return st.one_of(
        st.builds(Call, st.just(operation(Verb.FIND, plural)), criteria=criteria(of), limit=st.just(300), **both),
        st.builds(Call, st.just(operation(Verb.REMOVE, plural)), criteria=removed, **both),
        st.builds(Call, st.sampled_from(writes), records=st.lists(records(of), min_size=1, max_size=3), **both),
    )
