"""What fields the records of a kind have, as the site has them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from records.customization import definitions
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.formatting import lexical
from records.shapes.parsing import is_blank
from records.shapes.problems import Family, Problem, ProblemError, missing
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quoted
from webservices.introspection.picklists import picklists_of


def _told(name: str, help: str, kind: Kind = Kind.TEXT, **facts: object) -> Field:
    return ScalarField(name, kind, name.replace("_", " "), help, read_only=True, **facts)


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
        _told("name", "The hub's name of the field.", example="customer_type"),
        _told("label", "What people call it.", example="Customer type"),
        _told("help", "What it is for.", example="Such as Bill To or Ship To."),
        _told("kind", "What its values are: " + ", ".join(Kind) + ".", choices=tuple((kind, kind) for kind in Kind)),
        _told("length", "At most so many characters; nothing: any number.", Kind.INTEGER, example="10"),
        _told("places", "Of a decimal, at most so many after the point.", Kind.INTEGER),
        _told("default", "The value of a new record that is sent without one."),
        _told("required", "A record must have a value.", Kind.BOOLEAN, example="false"),
        _told("read_only", "It cannot be written.", Kind.BOOLEAN, example="false"),
        _told("custom", "An admin has defined it.", Kind.BOOLEAN, example="false"),
        _told("active", "It is in use.", Kind.BOOLEAN),
        _told("names", "The kind of record that it names.", example="customer type"),
        _told("picklist_id", "The picklist that it is chosen from.", Kind.INTEGER, example="1"),
    ),
    key=(),
    examples=({"module": "customers"},),
    help="A field of a kind of record, custom fields included.",
)


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
    The fields of a kind of record in the caller's generation; raises ProblemError when there is none of this name.
    """
    sent = records[0].get(MODULE.name, EMPTY) if records else EMPTY
    if is_blank(sent):
        raise ProblemError(missing((MODULE.name,)))
    base = resources.get(sent) if isinstance(sent, str) else None
    if base is None:
        text = f"{{field}} {quoted(sent)} is not known; there are {', '.join(resources)}."
        raise ProblemError(Problem("unknown-module", Family.NOT_FOUND, text, (MODULE.name,)))
    module = definitions(by.generation).extend(base)
    picklists = picklists_of(module)
    return tuple(_shown(module, field, picklists.get(field.name)) for field in module.fields if not field.secret)


def _shown(module: Resource, field: Field, picklist: int | None) -> Values:
    told: dict[str, object] = {
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
        "active": True,
        "names": field.reference.label if field.reference else None,
        "picklist_id": picklist,
    }
    return {name: _value(value) for name, value in told.items()}


def _value(fact: object) -> Value:
    return EMPTY if fact is None or fact == "" else lexical(fact)
