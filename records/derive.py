"""
Resources from models: a length, a choice, a requirement, a help text is written once, in the model.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from records.columns import CodeText, get_child_relation, get_column_name, get_field, get_related_model
from records.models import Record
from records.shapes.fields import Field, Kind, ListField, MapField, RowsField, ScalarField, ScalarKind
from records.shapes.references import Reference, SumOfRecords
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import Values

KINDS: Sequence[tuple[type[models.Field], ScalarKind]] = (
    (models.BooleanField, Kind.BOOLEAN),
    (models.DecimalField, Kind.DECIMAL),
    (models.DateTimeField, Kind.DATETIME),
    (models.DateField, Kind.DATE),
    (models.IntegerField, Kind.INTEGER),
    (models.CharField, Kind.TEXT),
)

STAMPS = tuple(field.name for field in Record._meta.get_fields() if field.name != VENDOR)


def derive(
    model: type[models.Model],
    *,
    key: Sequence[str],
    fields: Sequence[str | Field],
    examples: Sequence[Values] = (),
    plural: str = "",
    sparse: Collection[str] = (),
    vendor_view: Sequence[Field] = (),
    search_fields: Sequence[str] = (),
    site_table: bool = False,
    renamable: bool = False,
) -> Resource:
    """
    Derive the resource of a model, with its fields in the given order: names of columns, or fields declared by hand.

    Every record also has `id`, read only, and, when its model is a Record, the version and the stamps.

    sparse       the names of fields that answers may leave out (`Field.sparse`)
    vendor_view  fields of a related record that a vendor's wire alone sees
    search_fields  where a search looks beside the key and the words (`Resource.search_fields`)
    site_table, renamable  as of Resource
    """
    options = model._meta
    # Last, whatever a model adds: contracts list fields in this order.
    ends: list[str | Field] = [ScalarField("id", Kind.INTEGER, "id", "The hub's own number of it.", read_only=True)]
    if issubclass(model, Record):
        ends += STAMPS
    name = str(options.verbose_name).replace(" ", "_")
    derived = (
        field if isinstance(field, Field) else derive_field(get_field(model, field)) for field in (*fields, *ends)
    )
    return Resource(
        name=name,
        plural=plural or _plural_name(model),
        label=str(options.verbose_name).capitalize(),
        label_plural=str(options.verbose_name_plural).capitalize(),
        fields=tuple(replace(field, sparse=True) if field.name in sparse else field for field in derived),
        key=tuple(key),
        examples=tuple(examples),
        help=(model.__doc__ or "").strip(),
        vendor_view=tuple(vendor_view),
        has_vendor_data=any(field.name == VENDOR for field in options.fields),
        search_fields=tuple(search_fields),
        site_table=site_table,
        renamable=renamable,
    )


def _plural_name(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name_plural).replace(" ", "_")


def reference(
    model: type[models.Model],
    relation: str,
    by: Sequence[str] = ("number",),
    name: str = "",
    *,
    help: str = "",
    minimum: int | None = None,
    within: str = "",
    creates: bool = False,
) -> ScalarField:
    """
    Derive a field that names the record that a relation leads to, by one of some of its columns; the first is shown.

    name    when several fields name it, or the relation's own name will not do
    within  a relation of both records inside which the name is unique
    creates a call may create what it names, where the site's setting CREATE_NAMED lists the table
    """
    column = get_field(model, relation)
    related = get_related_model(column)
    named = derive_scalar(get_field(related, by[0]))
    label = str(related._meta.verbose_name)
    return replace(
        named,
        name=name or relation,
        label=name.replace("_", " ") or str(column.verbose_name),
        help=help or str(column.help_text) or f"The {label}.",
        # Several fields may name one relation: it is for the service to tell which of them is missing.
        required=not name and not column.null and not column.blank,
        # The name is looked up: what its own column demands of a new value does not matter here.
        read_only=False,
        default=None,
        pattern="",
        source=relation,
        reference=Reference(label, tuple(by), within, _plural_name(related) if creates else ""),
        nullable=True,
        minimum=named.minimum if minimum is None else minimum,
    )


def reference_by_id(model: type[models.Model], relation: str) -> ScalarField:
    """Derive `customer_id`: it names the record that a relation leads to by its id, besides a field that names it."""
    label = str(get_field(model, relation).verbose_name)
    return reference(
        model, relation, by=["id"], name=f"{relation}_id", help=f"The hub's own number of the {label}.", minimum=0
    )


def related_field(model: type[models.Model], relation: str, name: str) -> ScalarField:
    """Derive a read-only field that shows a column of the record that a relation leads to."""
    related = get_related_model(get_field(model, relation))
    named = derive_scalar(get_field(related, name))
    label = str(related._meta.verbose_name)
    return replace(
        named,
        help=f"{named.help.removesuffix('.')}: the {label}'s.",
        source=relation,
        nullable=True,
        read_only=True,
        reference=Reference(label, (name,)),
    )


def auto_number(model: type[models.Model], name: str = "number") -> ScalarField:
    """Derive a key that takes the next number when it is absent on add."""
    return replace(derive_scalar(get_field(model, name)), auto_number=True, required=False)


def computed_field(model: type[models.Model], name: str, *, money: str = "") -> ScalarField:
    """Derive a field that is computed by the service and never sent in."""
    return replace(derive_scalar(get_field(model, name)), computed=True, money=money)


def money_field(model: type[models.Model], name: str, *, currency: str) -> ScalarField:
    """Derive a field of an amount whose currency a sibling field names."""
    return replace(derive_scalar(get_field(model, name)), money=currency)


def remaining_field(
    model: type[models.Model], column: str, *, name: str, help: str, used: type[models.Model], parent: str, key: str
) -> ScalarField:
    """
    Derive a read-only field of a row: what is left of a column after that of the records that refer to the row.

    used         their model, which has a column of the same name
    parent, key  its fields that hold the row's parent and its key
    """
    total = SumOfRecords(used._meta.db_table, *(get_column_name(used, each) for each in (column, parent, key)))
    whole = derive_scalar(get_field(model, column))
    return replace(
        whole, name=name, label=name.replace("_", " "), help=help, required=False, read_only=True, source=column,
        minimum=None, minus=total,
    )  # fmt: skip


def reverse_list(model: type[models.Model], name: str, *, source: str, column: str, help: str) -> Field:
    """Derive a read-only list of the values that the records which refer to this one have in a column, each once."""
    named = get_field(get_related_model(get_child_relation(model, source)), column)
    item = ScalarField(column, label=str(named.verbose_name), max_length=named.max_length)
    label = name.replace("_", " ")
    return ListField(name, label, help, read_only=True, item=item, source=source, reverse_column=column)


def derive_field(field: models.Field) -> Field:
    """Derive the field of one column."""
    return _derive_list(field) if isinstance(field, ArrayField) else derive_scalar(field)


def _derive_list(field: ArrayField) -> ListField:
    return ListField(
        name=field.name,
        label=str(field.verbose_name),
        help=str(field.help_text),
        required=_is_required(field),
        read_only=not field.editable,
        item=derive_scalar(field.base_field),
        nullable=field.null,
    )


def _is_required(field: models.Field) -> bool:
    return field.editable and not field.blank and not field.null and not field.has_default()


def derive_scalar(field: models.Field) -> ScalarField:
    """Derive the field of one column that holds one value."""
    kind = next(kind for django_type, kind in KINDS if isinstance(field, django_type))
    validators = field.validators if field.editable else []  # with the range of the column's type
    form = next((each for each in validators if isinstance(each, RegexValidator)), None)
    return ScalarField(
        name=field.name,
        kind=kind,
        label=str(field.verbose_name),
        help=str(field.help_text),
        required=_is_required(field),
        read_only=not field.editable,
        default=_lexical_default(field),
        max_length=field.max_length if kind is Kind.TEXT else None,
        # The strictest of each: Django adds the range of the column's type to what the model demands.
        minimum=_limit(validators, MinValueValidator, max),
        maximum=_limit(validators, MaxValueValidator, min),
        digits=getattr(field, "max_digits", None),
        places=getattr(field, "decimal_places", None),
        choices=tuple((str(value), str(label)) for value, label in field.flatchoices),
        pattern=_pattern(form) if form else "",
        form=str(form.message) if form and form.message != RegexValidator.message else "",
        multiline=kind is Kind.TEXT and (field.max_length or 0) > 1000,
        nullable=field.null,
        code_list=field.code_list if isinstance(field, CodeText) else "",
    )


def _pattern(validator: RegexValidator) -> str:
    return validator.regex if isinstance(validator.regex, str) else validator.regex.pattern


def _limit(validators: Iterable[object], kind: type[BaseValidator], strictest: Callable) -> int | Decimal | None:
    # Of just this type: the validators of lengths and steps are subclasses of the same base.
    return strictest((v.limit_value for v in validators if isinstance(v, kind) and type(v) is kind), default=None)


def _lexical_default(field: models.Field) -> str | None:
    # A function, such as `list`, gives a new value each time, and none that a contract could name.
    if not field.has_default() or callable(field.default):
        return None
    match field.default:
        case bool() as flag:
            return "true" if flag else "false"
        case datetime() | date() as moment:
            return moment.isoformat()
        case value:
            return str(value)


def children_as_map(
    name: str,
    model: type[models.Model],
    *,
    source: str,
    keys: str,
    value: str,
    constants: Mapping[str, object] | None = None,
    money: bool = False,
    help: str = "",
    example: Mapping[str, str] | None = None,
    relation: str = "",
) -> Field:
    """
    Derive a map of one column of a child table by another: `description` by language, `price` by currency.

    source     the accessor of the child table on its parent
    constants  the values of the other key columns in the children that the map shows
    relation   the map is only read, and that of the record that this relation leads to
    """
    item = replace(derive_scalar(get_field(model, value)), money="key" if money else "")
    return MapField(
        name=name,
        label=name.replace("_", " "),
        help=help or (model.__doc__ or "").strip(),
        item=item,
        keys=derive_scalar(get_field(model, keys)),
        source=source,
        constants=tuple((constants or {}).items()),
        example=dict(example) if example else None,
        relation=relation,
        read_only=bool(relation),
    )


def children_as_rows(
    name: str,
    model: type[models.Model],
    *,
    source: str,
    key: Sequence[str],
    fields: Sequence[str | Field],
    help: str = "",
    sparse: Collection[str] = (),
) -> Field:
    """
    Derive a list of rows from a child table, each row found by its child key; it is always sent whole.

    sparse  the names of fields of rows that answers may leave out (`Field.sparse`)
    """
    child = derive(model, key=key, fields=fields, sparse=sparse)
    child = replace(child, fields=child.fields[:-1])  # children are known by their key, not by an id of their own
    return RowsField(name=name, label=name.replace("_", " "), help=help or child.help, child=child, source=source)
