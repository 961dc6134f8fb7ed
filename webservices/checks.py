"""
System checks of the declarations: what has drifted is found before the first request.

E001  the key or an example of a resource does not fit its fields
E003  a dialect leaves out a family of problems
E004  an operation asks for a permission that no model has
E005  a field is stored nowhere, or the key is not unique or not compared by code points
E006  a dialect spells two fields alike
E007  the setting DIALECT_TERMS names an unknown dialect, or a setting that it does not have
E012  a dialect lists a kind of record or a field that there is not
E013  an API that is published at first does not fit its kind of record
E014  a dialect neither offers nor declines a resource, or does both
E016  the setting CREATE_NAMED names a table in which no call creates anything
"""

from collections.abc import Iterable, Iterator, Mapping

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from records.shapes.parsing import completer, record_reader
from records.shapes.problems import Family
from records.shapes.resources import Resource
from records.write.plan import plan
from webservices.conf import unknown_settings
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.ecosys.published import DEFAULT_APIS, PublishedApi, find_api_errors
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operations, Verb


@register()
def check_declarations(app_configs, **kwargs) -> list[CheckMessage]:
    return [*drift(OPERATIONS, DIALECTS)]


@register()
def check_terms(app_configs, **kwargs) -> list[CheckMessage]:
    return [Error(sentence, id="webservices.E007") for sentence in unknown_settings(DIALECTS)]


@register()
def check_created_tables(app_configs, **kwargs) -> list[CheckMessage]:
    known = sorted({table for operation in OPERATIONS for table in _created_tables(operation.resource)})
    text = f"The setting CREATE_NAMED names {{!r}}; calls may create {' and '.join(known)}."
    return [Error(text.format(name), id="webservices.E016") for name in sorted({*settings.CREATE_NAMED} - {*known})]


def _created_tables(resource: Resource) -> Iterator[str]:
    references = (field.reference for field in resource.fields if field.reference is not None)
    return (each.creates for each in references if each.creates)


@register()
def check_published_at_first(app_configs, **kwargs) -> list[CheckMessage]:
    return [*publishing_problems(DEFAULT_APIS, OPERATIONS)]


def drift(operations: Operations, dialects: Iterable[Dialect]) -> Iterator[CheckMessage]:
    """Yield everything in which the declarations contradict each other or the models."""
    resources = {operation.resource.plural: operation.resource for operation in operations}
    written = {operation.resource.plural for operation in operations if operation.find is not None and operation.writes}
    for resource in resources.values():
        found = [*resource_problems(resource)]
        # A key that is no field would make the search for its column fail, too: one cause, one message.
        yield from found or (storage_problems(resource) if resource.plural in written else ())
        for dialect in dialects:
            yield from spelling_problems(dialect, resource)
    yield from permission_problems(operations)
    for dialect in dialects:
        for family in set(Family) - set(dialect.codes):
            yield Error(f"The dialect {dialect.name} does not say what '{family}' is.", id="webservices.E003")
        yield from listing_problems(dialect, resources)
        yield from offering_problems(dialect, operations)


def publishing_problems(apis: Iterable[PublishedApi], operations: Operations) -> Iterator[CheckMessage]:
    """Yield what keeps an API from being published at first."""
    for api in apis:
        operation = operations.get(api.plural, Verb.FIND)
        found = find_api_errors(api, operation.resource) if operation else [f"There are no {api.plural}."]
        for sentence in found:
            yield Error(f"The API {api.name}, published at first: {sentence}", id="webservices.E013")


def resource_problems(resource: Resource) -> Iterator[CheckMessage]:
    """Yield what is wrong with a resource by itself: its key, its examples."""
    for name in resource.key:
        field = resource.by_name.get(name)
        if field is None or (resource.writable and not field.writable):
            yield Error(f"{resource.name}: its key {name} is no field that can be written.", id="webservices.E001")
            return
    for number, example in enumerate(resource.examples):
        parsed, problems = record_reader(resource)(example)
        for problem in [*problems, *completer(resource)(parsed)]:
            text = f"{resource.name}: example {number}: {problem.sentence()}"
            yield Error(text, id="webservices.E001")


def storage_problems(resource: Resource) -> Iterator[CheckMessage]:
    """Yield the contradictions between a resource and its table, as far as they would break a write."""
    model = find_model(resource)
    if model is None:
        yield Error(f"{resource.name}: no model has this name.", id="webservices.E005")
        return
    try:
        write_plan = plan(model, resource)
    except FieldDoesNotExist as error:
        yield Error(f"{resource.name}: {error}", id="webservices.E005")
        return
    unique = [set(c.fields) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    if set(resource.key) not in unique:
        yield Error(f"{resource.name}: its key {resource.key} is not unique in the database.", id="webservices.E005")
    for column in write_plan.key:
        field = model._meta.get_field(column.field)
        # Batches lock rows in the order of Python's strings; a database that sorts otherwise would lock in another.
        if isinstance(field, models.CharField) and getattr(field, "db_collation", None) != "C":
            text = f"{resource.name}: {column.field} is not compared by code points; batches could deadlock."
            yield Error(text, id="webservices.E005")


def find_model(resource: Resource) -> type[models.Model] | None:
    """Return the model of a resource, or of that as which it is stored: it has its name without underscores."""
    name = (resource.added_as or resource.name).replace("_", "")
    return next((model for model in apps.get_models() if model._meta.model_name == name), None)


def spelling_problems(dialect: Dialect, resource: Resource) -> Iterator[CheckMessage]:
    """Yield the pairs of fields that a dialect could not tell apart, of those that it carries."""
    spelled: dict[str, str] = {}
    for field in resource.writable:
        if not dialect.carries(resource.plural, field):
            continue
        wire = dialect.spell(resource.plural, (field.name,))
        if wire in spelled:
            text = f"{dialect.name} spells {spelled[wire]} and {field.name} of {resource.name} alike: {wire}."
            yield Error(text, id="webservices.E006")
        spelled[wire] = field.name


def listing_problems(dialect: Dialect, resources: Mapping[str, Resource]) -> Iterator[CheckMessage]:
    """Yield the unknown resources and fields in the lists of a dialect with a closed shape."""
    for plural, names in dialect.fields.items():
        known = resources[plural].vendor_by_name if plural in resources else {}
        if not known:
            yield Error(f"{dialect.name} lists fields of {plural}, which there are not.", id="webservices.E012")
        for name in names:
            if known and name not in known:
                yield Error(f"{dialect.name} lists {name}, no field of {plural}.", id="webservices.E012")


def offering_problems(dialect: Dialect, operations: Operations) -> Iterator[CheckMessage]:
    """Yield the stored resources about which a dialect says nothing, or two things, and what it declines in vain."""
    # Actions are on resources that are not stored, and each belongs to the vendors that have the word for it.
    found = [operation for operation in operations if operation.find is not None]
    stored = {operation.resource.plural for operation in found}
    tables = {operation.resource.plural for operation in found if operation.resource.site_table}
    offered = {operation.resource.plural for operation in operations if dialect.contexts(operation)}
    for plural in sorted(stored - tables - offered - dialect.declined.keys()):
        yield Error(f"{dialect.name} neither offers {plural} nor declines them with a reason.", id="webservices.E014")
    for plural in sorted(dialect.declined.keys() & offered):
        yield Error(f"{dialect.name} offers {plural} and declines them.", id="webservices.E014")
    for plural in sorted(dialect.declined.keys() - stored):
        yield Error(f"{dialect.name} declines {plural}, which there are not.", id="webservices.E014")


def permission_problems(operations: Operations) -> Iterator[CheckMessage]:
    """Yield the operations that nobody could be allowed, as no model has their permission."""
    known = {
        f"{model._meta.app_label}.{right}_{model._meta.model_name}"
        for model in apps.get_models()
        for right in model._meta.default_permissions
    } | {f"{model._meta.app_label}.{name}" for model in apps.get_models() for name, _ in model._meta.permissions}
    for operation in operations:
        for permission in operation.all_permissions:
            if permission not in known:
                yield Error(f"{operation.name} asks for {permission}, which no model has.", id="webservices.E004")
