"""
The operations as this site has extended them, and the APIs that it publishes, from its rows into the settings of the
dialects, which know no database.

Both belong to a generation of the site's definitions, and are read again when that has moved: a trigger moves it,
whoever publishes.
"""

from dataclasses import replace
from functools import lru_cache

from records import customization
from records.customization import current_generation
from records.shapes.criteria import Comparator, Criterion
from webservices import conf
from webservices.declarations import OPERATIONS
from webservices.models import PublishedApi as Row
from webservices.models import PublishedCriterion
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.ecosys.published import (
    Column,
    EcoSysSettings,
    Parameter,
    PublishedApi,
    find_event_errors,
    split_path,
)
from webservices.wire.messages import DialectSettings
from webservices.wire.operations import Action, Operations, Verb


# Several generations: a call that began before a change goes on with the definitions that it began with.
@lru_cache(maxsize=8)
def _extend(definitions_generation: int) -> Operations:
    definitions = customization.definitions(definitions_generation)
    resources = {operation.resource.plural: operation.resource for operation in OPERATIONS}
    extended = {plural: definitions.extend(resource) for plural, resource in resources.items()}
    return OPERATIONS.replace_resources(extended, definitions.generation)


def operations(generation: int) -> Operations:
    """Return the operations of a generation, as a Caller names it."""
    return _extend(generation)


def current_operations() -> Operations:
    """Return the operations as they are now (one query)."""
    return _extend(customization.current_generation())


def published_apis(generation: int | None = None) -> tuple[PublishedApi, ...]:
    """
    Return the APIs that the site publishes over EcoSys, by name; costs one small query, none in a known generation.

    An API that can no longer be shown, because a custom field is gone, is left out.
    """
    return _read(current_generation() if generation is None else generation)


def dialect_settings(dialect: Dialect, generation: int | None = None) -> DialectSettings:
    """
    Return the dialect's settings as Django's and the database have them.

    A dialect whose settings hold no published APIs costs no query.

    generation  of the site's definitions, where it is known
    """
    settings = conf.configured_settings(dialect)
    return replace(settings, apis=published_apis(generation)) if isinstance(settings, EcoSysSettings) else settings


def for_site(dialect: Dialect, generation: int) -> Dialect:
    """
    Return the dialect with what the site publishes in it, in a generation of its definitions.

    It is the same one while its settings are, so that what is made of it can be cached.
    """
    settings = dialect_settings(dialect, generation)
    known, found = _site_dialects.get(dialect, (None, dialect))
    if settings != known:
        found = dialect.for_site(settings)
        _site_dialects[dialect] = settings, found
    return found


_site_dialects: dict[Dialect, tuple[DialectSettings, Dialect]] = {}


@lru_cache(maxsize=8)
def _read(generation: int) -> tuple[PublishedApi, ...]:
    known = operations(generation)
    # Four queries, however many APIs there are.
    rows = Row.objects.prefetch_related("columns", "filter", "parameters")
    apis = (drop_missing_columns(build_api(row), known) for row in rows)
    return tuple(api for api in apis if api is not None)


def build_api(row: Row) -> PublishedApi:
    """Build the API that a row, with its columns, filter and parameters, describes."""
    return PublishedApi(
        row.name,
        row.resource,
        tuple(Column(column.name, column.field, column.read_only) for column in row.columns.all()),
        row.may_read,
        row.may_update,
        row.may_insert,
        row.may_delete,
        tuple(build_criterion(each) for each in row.filter.all()),
        tuple(
            Parameter(each.name, each.field, Comparator(each.comparator), each.required)
            for each in row.parameters.all()
        ),
        Action(row.event) if row.event else None,
        row.log_level,
    )


def build_criterion(row: PublishedCriterion) -> Criterion:
    """Build the condition that a row describes; IN takes values with commas between them."""
    comparator = Comparator(row.comparator)
    texts = row.value.split(",") if comparator is Comparator.IN else [row.value]
    return Criterion(split_path(row.field), comparator, tuple(text.strip() for text in texts))


def drop_missing_columns(api: PublishedApi, known: Operations) -> PublishedApi | None:
    """
    Return the API with the columns that still exist; None when its records, its filter or a parameter are gone, or
    where it is an event that nobody may trigger as it is.
    """
    operation = known.get(api.plural, Verb.FIND)
    if operation is None:
        return None
    names = operation.resource.by_name
    columns = tuple(column for column in api.columns if split_path(column.field)[0] in names)
    needed = [each.path for each in api.filter] + [split_path(each.field) for each in api.parameters]
    # Without a part of its filter the API would show records that it was made to withhold.
    if any(path[0] not in names for path in needed) or (api.columns and not columns):
        return None
    if any(find_event_errors(api, operation.resource)):
        return None
    return replace(api, columns=columns)
