"""The fields of a kind of record, as the site has them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from records.customization import definitions
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import Field, Kind, ScalarField, ScalarKind
from records.shapes.formatting import lexical
from records.shapes.parsing import is_blank
from records.shapes.problems import Family, Problem, ProblemError, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quote_text
from webservices.introspection.picklists import find_picklists


def _read_only_field(
    name: str,
    help: str,
    kind: ScalarKind = Kind.TEXT,
    *,
    example: str | None = None,
    choices: tuple[tuple[str, str], ...] = (),
) -> Field:
    label = name.replace("_", " ")
    return ScalarField(name, kind, label, help, read_only=True, example=example, choices=choices)


MODULE = ScalarField(
    "module", label="module", help="A kind of record, in the plural.", required=True, example="customers"
)
CRM_FIELD = Resource(
    name="crm_field",
    plural="crm_fields",
    label="CRM field",
    label_plural="CRM fields",
    fields=(
        MODULE,
        _read_only_field("name", "The hub's name of the field.", example="customer_type"),
        _read_only_field("label", "What people call it.", example="Customer type"),
        _read_only_field("help", "What it is for.", example="Such as Bill To or Ship To."),
        _read_only_field(
            "kind", "What its values are: " + ", ".join(Kind) + ".", choices=tuple((kind, kind) for kind in Kind)
        ),
        _read_only_field("length", "At most so many characters; nothing: any number.", Kind.INTEGER, example="10"),
        _read_only_field("places", "Of a decimal, at most so many after the point.", Kind.INTEGER),
        _read_only_field("default", "The value of a new record that is sent without one."),
        _read_only_field("required", "A record must have a value.", Kind.BOOLEAN, example="false"),
        _read_only_field("read_only", "It cannot be written.", Kind.BOOLEAN, example="false"),
        _read_only_field("custom", "An admin has defined it.", Kind.BOOLEAN, example="false"),
        _read_only_field("active", "It is in use.", Kind.BOOLEAN),
        _read_only_field("names", "The kind of record that it names.", example="customer type"),
        _read_only_field("picklist_id", "The picklist that it is chosen from.", Kind.INTEGER, example="1"),
    ),
    key=(),
    examples=({"module": "customers"},),
    help="A field of a kind of record, custom fields included.",
)


PART_FIELD = replace(
    CRM_FIELD,
    name="part_field",
    plural="part_fields",
    label="Part field",
    label_plural="Part fields",
    fields=CRM_FIELD.fields[1:],
    examples=({},),
    help="A field of a part, custom fields included.",
)


def show_part_fields(
    part: Resource,
    *,
    records: Sequence[Values],
    by: Caller,
    at: datetime,
    resource: Resource = PART_FIELD,
    scope: Scope = UNLIMITED,
) -> tuple[Values, ...]:
    """Return the fields of parts in the caller's generation."""
    found = show_fields({part.plural: part}, records=[{MODULE.name: part.plural}], by=by, at=at)
    return tuple({name: value for name, value in field.items() if name != MODULE.name} for field in found)


def show_fields(
    resources: Mapping[str, Resource],
    *,
    records: Sequence[Values],
    by: Caller,
    at: datetime,
    resource: Resource = CRM_FIELD,
    scope: Scope = UNLIMITED,
) -> tuple[Values, ...]:
    """
    Return the fields of a kind of record in the caller's generation; raises ProblemError for an unknown kind.
    """
    sent = records[0].get(MODULE.name, EMPTY) if records else EMPTY
    if is_blank(sent):
        raise ProblemError(missing_problem((MODULE.name,)))
    base = resources.get(sent) if isinstance(sent, str) else None
    if base is None:
        text = f"{{field}} {quote_text(sent)} is not known; there are {', '.join(resources)}."
        raise ProblemError(Problem("unknown-module", Family.NOT_FOUND, text, (MODULE.name,)))
    module = definitions(by.generation).extend(base)
    picklists = find_picklists(module)
    return tuple(_describe(module, field, picklists.get(field.name)) for field in module.fields if not field.secret)


def _describe(module: Resource, field: Field, picklist: int | None) -> Values:
    facts: dict[str, object] = {
        "module": module.plural,
        "name": field.name,
        "label": field.label[:1].upper() + field.label[1:],
        "help": field.help,
        "kind": field.kind.value,
        "length": field.max_length,
        "places": field.places,
        "default": field.default,
        "required": field.required,
        "read_only": field.read_only or field.computed,
        "custom": field.custom,
        # CRM-service answers this flag; here a field that is not in use is gone.
        "active": True,
        "names": field.reference.label if field.reference else None,
        "picklist_id": picklist,
    }
    return {name: _value(value) for name, value in facts.items()}


def _value(fact: object) -> Value:
    return EMPTY if fact is None or fact == "" else lexical(fact)
