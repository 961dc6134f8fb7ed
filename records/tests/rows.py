"""
Many rows of a model at once, in one statement: what is not given is the model's default, so that a new field breaks
nothing.
"""

from collections.abc import Container, Mapping

from django.db import connection, models


def insert_rows(
    model: type[models.Model], expressions: Mapping[str, str], source: str, parameters: Mapping[str, object]
) -> None:
    """
    Insert the rows of a source, `generate_series(1, 100) AS n`.

    expressions  SQL by field name, `{"number": "'P-' || n"}`
    parameters   of the expressions and the source, by name
    """
    defaults = default_fields(model, expressions)
    casts = [f"%({field.name}_default)s::{field.db_type(connection)}" for field in defaults]
    columns = [model._meta.get_field(name).column for name in expressions] + [field.column for field in defaults]
    values = {f"{field.name}_default": field.get_db_prep_save(field.get_default(), connection) for field in defaults}
    statement = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join([*expressions.values(), *casts])} FROM {source}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **values})


def default_fields(model: type[models.Model], given: Container[str]) -> list[models.Field]:
    """Return the fields of a model, beside the given ones, that a row has a default for."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in given and field.attname not in given and not (field.primary_key or field.generated)
    ]
