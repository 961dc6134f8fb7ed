"""
Picklists: what a field may be chosen from, each with a number that stays.

    1 …      tables that an admin may edit, and choices that a model declares: the numbers are given here, for good
    1001 …   menus that an admin has defined: 1000 and the number of the custom field
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from customers.models import Country, CustomerType, State, Territory
from orders.models import OrderStatus
from parts.models import Currency
from records.customization import custom_field
from records.models import Code, CustomField
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import Kind, ScalarField
from records.shapes.parsing import is_blank, reader
from records.shapes.problems import Family, Problem, ProblemError, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import Values

# Far above the numbers that are given here: a table that is added later never takes the number of a menu.
MENUS_FROM = 1000

PICKLIST = ScalarField(
    "picklist_id", Kind.INTEGER, "picklist", "The number of the picklist.", required=True, example="1"
)
LANGUAGE = ScalarField("language", label="language", help="Of the labels; they are kept in one language.", example="en")
PICKLIST_VALUE = Resource(
    name="picklist_value",
    plural="picklist_values",
    label="Picklist value",
    label_plural="Picklist values",
    fields=(
        PICKLIST,
        LANGUAGE,
        ScalarField("id", Kind.INTEGER, "id", "The number of the value.", read_only=True, example="1"),
        ScalarField("label", label="label", help="What people read.", read_only=True, example="Bill To"),
        ScalarField("value", label="value", help="What a record holds.", read_only=True, example="Bill To"),
    ),
    key=(),
    examples=({"picklist_id": "1", "language": "en"},),
    help="What a field may be chosen from.",
)

Choice = tuple[int, str, str]  # id, value, label


@dataclass(frozen=True)
class Table:
    """A picklist that is a table: its columns of what a record holds and of what people read."""

    model: type[models.Model]
    value: str = "name"
    label: str = "name"

    def choices(self) -> list[Choice]:
        rows = self.model._default_manager.all()
        offered = rows.filter(active=True) if issubclass(self.model, Code) else rows
        return [*offered.values_list("pk", self.value, self.label)]


TABLES: Mapping[int, Table] = {
    1: Table(CustomerType),
    2: Table(OrderStatus),
    3: Table(Country, "code"),
    4: Table(State, "code"),
    5: Table(Territory),
    7: Table(Currency, "code"),
}
PICKLISTS: Mapping[tuple[str, str], int] = {
    ("customers", "customer_type"): 1,
    ("sales_orders", "status"): 2,
    ("customers", "country"): 3,
    ("leads", "country"): 3,
    ("customers", "state"): 4,
    ("customers", "territory"): 5,
    ("parts", "direct_buy"): 6,
    ("prices", "currency"): 7,
    ("customer_parts", "currency"): 7,
    ("sales_orders", "currency"): 7,
}  # the numbers of the picklists, by plural and field; one that is no table is what its field declares


def find_picklists(resource: Resource) -> dict[str, int]:
    """Return the number of the picklist of each field that has one, by the field's name."""
    numbers = {name: number for (plural, name), number in PICKLISTS.items() if plural == resource.plural}
    if any(field.choices for field in resource.custom_fields):
        menus = CustomField.objects.filter(resource=resource.custom_owner, type=CustomField.Type.MENU)
        numbers |= {custom_field(menu).name: MENUS_FROM + menu.pk for menu in menus}
    return numbers


def show_picklist_values(
    resources: Mapping[str, Resource],
    *,
    records: Sequence[Values],
    by: Caller,
    at: datetime,
    resource: Resource = PICKLIST_VALUE,
    scope: Scope = UNLIMITED,
) -> tuple[Values, ...]:
    """Return the values of a picklist; raises ProblemError when there is none of this number."""
    number = _read_number(records[0] if records else {})
    return tuple({"id": str(id), "label": label, "value": value} for id, value, label in _choices(number, resources))


def _read_number(record: Values) -> int:
    sent = record.get(PICKLIST.name, "")
    if is_blank(sent):
        raise ProblemError(missing_problem((PICKLIST.name,)))
    try:
        return int(str(reader(PICKLIST)(sent)))
    except ProblemError as error:
        raise ProblemError(error.problem.under(PICKLIST.name)) from None


def _choices(number: int, resources: Mapping[str, Resource]) -> Sequence[Choice]:
    if number in TABLES:
        return TABLES[number].choices()
    found = _menu_choices(number - MENUS_FROM) if number > MENUS_FROM else _declared_choices(number, resources)
    if found is None:
        text = f"There is no picklist {number}."
        raise ProblemError(Problem("unknown-picklist", Family.NOT_FOUND, text, (PICKLIST.name,)))
    return [*_number(found)]


def _menu_choices(pk: int) -> Sequence[tuple[str, str]] | None:
    menus = CustomField.objects.filter(pk=pk, type=CustomField.Type.MENU).values_list("choices", flat=True)
    return next(([(choice, choice) for choice in choices] for choices in menus), None)


def _declared_choices(number: int, resources: Mapping[str, Resource]) -> Sequence[tuple[str, str]] | None:
    fields = (resources[plural].by_name[name] for (plural, name), known in PICKLISTS.items() if known == number)
    return next((field.choices for field in fields), None)


def _number(choices: Sequence[tuple[str, str]]) -> Iterator[Choice]:
    for id, (value, label) in enumerate(choices, 1):
        yield id, value, label
