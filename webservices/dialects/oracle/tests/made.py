"""Calls and records that hypothesis makes up, for round trips and schemas."""

from hypothesis import strategies as st

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind
from records.shapes.values import EMPTY
from webservices.contracts.keys import known_keys
from webservices.dialects.oracle.spelling import on_the_wire
from webservices.dialects.oracle.tests.parts import PART, operation
from webservices.messages import Call, Options, Password
from webservices.operations import Verb

# What XML can carry; what it cannot, the core does not let in.
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(CHARACTERS, min_size=1)


def any_value(field: Field) -> st.SearchStrategy:
    """Values that may be no good for the field, in its shape."""
    if field.kind is Kind.MAP:
        return st.just(EMPTY) | st.dictionaries(st.sampled_from(known_keys(field)), TEXTS | st.just(EMPTY), min_size=1)
    if field.kind is Kind.LIST:
        return st.just(EMPTY) | st.lists(TEXTS, min_size=1, max_size=3)
    if field.name == "active":  # an empty flag is an absent one
        return TEXTS.filter(str.strip)
    return st.just(EMPTY) | TEXTS


def records(value_of=any_value, required=()) -> st.SearchStrategy:
    """Records of PART in the order of the resource, some fields left out."""
    fields = on_the_wire(PART)
    return st.fixed_dictionaries(
        {field.name: value_of(field) for field in fields if field.name in required},
        optional={field.name: value_of(field) for field in fields if field.name not in required},
    )


OPTIONS = st.builds(
    Options,
    dry_run=st.booleans(),
    all_or_none=st.booleans(),
    if_match=st.none() | st.integers(0, 999_999_999),
    idempotency_key=st.sampled_from(["", "8e03978e 40d5", '"quoted']),
)
CREDENTIALS = st.none() | st.builds(Password, TEXTS.map(str.strip), st.text(CHARACTERS))
PATHS = st.sampled_from([(field.name,) for field in on_the_wire(PART)] + [("price", "USD"), ("description", "pt_BR")])
ONE_VALUE = st.sampled_from([each for each in Comparator if each is not Comparator.IN])
STRIPPED = st.text(CHARACTERS).map(str.strip)
CRITERIA = st.lists(
    st.builds(Criterion, PATHS, ONE_VALUE, st.tuples(STRIPPED))
    | st.builds(
        Criterion,
        PATHS,
        st.just(Comparator.IN),
        st.lists(STRIPPED.filter(lambda text: "," not in text), min_size=1, max_size=3).map(tuple),
    ),
    max_size=4,
).map(tuple)
NAMED = st.builds(Criterion, st.just(("number",)), st.just(Comparator.EQUAL), st.tuples(STRIPPED.filter(bool)))


def calls() -> st.SearchStrategy:
    """Calls as Oracle's wire can say them."""
    writes = [operation(verb) for verb in (Verb.ADD, Verb.UPDATE, Verb.PUT)]
    with_both = {"options": OPTIONS, "credentials": CREDENTIALS}
    return st.one_of(
        st.builds(Call, st.just(operation(Verb.FIND)), criteria=CRITERIA, limit=st.just(300), **with_both),
        st.builds(
            Call,
            st.just(operation(Verb.REMOVE)),
            criteria=st.builds(lambda named, more: (named, *more), NAMED, CRITERIA),
            **with_both,
        ),
        st.builds(Call, st.sampled_from(writes), records=st.lists(records(), min_size=1, max_size=3), **with_both),
    )
