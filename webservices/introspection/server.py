"""
The facts of the server for anybody: its version, the names of its data sources, its time.

These need no credentials: their operations are public (`webservices.declarations`).
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.formatting import lexical
from records.shapes.resources import Resource
from records.shapes.values import Values
from webservices.conf import server_settings


def _single_field_resource(name: str, label: str, field: Field, plural: str = "") -> Resource:
    """Return a resource that takes nothing and answers one field."""
    plural = plural or name
    return Resource(name, plural, label, label if plural == name else f"{label}s", (field,), key=(), help=field.help)


API_VERSION = _single_field_resource(
    "api_version", "API version", ScalarField("version", label="version", help="The hub's version.", read_only=True)
)
DATA_SOURCE = _single_field_resource(
    "data_source",
    "Data source",
    ScalarField("name", label="name", help="What a data source is called here.", read_only=True, example="DEMO"),
    plural="data_sources",
)
SERVER_TIME = _single_field_resource(
    "server_time",
    "Server time",
    ScalarField("at", Kind.DATETIME, "at", "The moment in which the call was made.", read_only=True),
)


def show_version(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = API_VERSION, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """Return the version of the project."""
    return ({"version": settings.VERSION},)


def show_data_sources(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = DATA_SOURCE, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """Return the data sources, of which the site has one."""
    return ({"name": server_settings().data_source},)


def show_time(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = SERVER_TIME, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """Return the moment of the call."""
    return ({"at": lexical(at)},)
