"""The languages that the texts of records are kept in, for wires that ask for them by a call of their own."""

from collections.abc import Sequence
from datetime import datetime

from parts.models import Language
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import ScalarField
from records.shapes.resources import Resource
from records.shapes.values import Values

LANGUAGE = Resource(
    name="text_language",
    plural="text_languages",
    label="Language of texts",
    label_plural="Languages of texts",
    fields=(
        ScalarField("code", label="code", help="What texts are kept under.", read_only=True, example="en"),
        ScalarField("name", label="name", help="What people read.", read_only=True, example="English"),
    ),
    key=(),
    help="The languages that texts may be in.",
)


def show_languages(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = LANGUAGE, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """Return the languages that a record may have texts in, in the order of their codes (one query)."""
    rows = Language.objects.filter(active=True).order_by("code").values_list("code", "name")
    return tuple({"code": code, "name": name} for code, name in rows)
