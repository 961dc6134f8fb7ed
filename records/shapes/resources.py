"""One kind of record as callers see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

from records.shapes.fields import Field, Kind
from records.shapes.values import Values

Limits = tuple[int | None, bool | None, str]  # the arguments of `Field.restrict`


# By identity: resources are keys of caches, and their examples are dicts, which have no hash.
@dataclass(frozen=True, eq=False)
class Resource:
    """
    An immutable description: names, fields in their order, key, examples. Two are equal when they are the same one.

    name, plural   snake_case, `part` and `parts`
    key            the names of the fields that find a record
    examples       whole records, the first is the one that skeletons use
    generation     the counter of the site's definitions it was compiled for
    base           what the site has extended; None: it is as declared
    """

    name: str
    plural: str
    label: str
    label_plural: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    examples: tuple[Values, ...] = ()
    help: str = ""
    generation: int = 0
    base: "Resource | None" = None

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def writable(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.writable)

    @cached_property
    def key_fields(self) -> tuple[Field, ...]:
        return tuple(self.by_name[name] for name in self.key)

    def needs(self, field: Field) -> bool:
        """True if no new record goes without it: it is required, or a part of the key that nothing stands in for."""
        stands_in = field.auto_number or field.default is not None or (field.nullable and field.reference is None)
        return field.required or (field.name in self.key and not stands_in)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The fields that records are ordered and paged by: the key, or the id where the key names other records."""
        return ("id",) if any(field.reference for field in self.key_fields) else self.key

    def alternatives(self, field: Field) -> tuple[Field, ...]:
        """The other fields that name the same record as this one, each by another column."""
        if field.reference is None:
            return ()
        return tuple(f for f in self.writable if f.reference and f is not field and f.stored_as == field.stored_as)

    @cached_property
    def custom_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.custom)

    def rows_resource(self, name: str) -> "Resource":
        """The resource of the rows that a field holds; raises KeyError when it holds none."""
        field = self.by_name[name]
        if field.kind is not Kind.ROWS:
            raise KeyError(name)
        return field.child

    def nearest(self, name: str) -> str | None:
        """The known field whose name, or `part_` and its name, is most like `name`."""
        # Oracle writes `part_number` for what the hub calls `number`, and its callers try that elsewhere.
        known = {each: field.name for field in self.writable for each in (f"{self.name}_{field.name}", field.name)}
        close = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
        return known[close[0]] if close else None

    def add_custom_fields(self, definitions: Iterable[Field], generation: int = 0) -> "Resource":
        """
        The resource with an admin's custom fields, placed where the model keeps them.

        Give this an unextended resource: the definitions are added to those it has.
        """
        last_written = max((i for i, field in enumerate(self.fields) if field.writable), default=-1) + 1
        fields = (*self.fields[:last_written], *definitions, *self.fields[last_written:])
        return replace(self, fields=fields, generation=generation)

    def apply_limits(self, limits: Mapping[str, Limits]) -> "Resource":
        """The resource with a site's own limits of some fields."""
        return replace(self, fields=tuple(field.restrict(*limits.get(field.name, ())) for field in self.fields))
