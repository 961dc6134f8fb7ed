"""
Customization: the custom fields, limits and codes that a site has defined by itself, laid over the resources.

The definitions are read again when their generation has moved; a trigger moves it, whoever changes them. Nothing is
read at import or check time.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.apps import apps
from django.conf import settings
from django.db import models

from records.columns import CodeText
from records.models import Code, CustomField, FieldRule, Generation
from records.shapes.fields import CodeLists, Field, Kind, ScalarField, ScalarKind
from records.shapes.references import CodeList
from records.shapes.resources import Limits, Resource

KINDS: dict[str, ScalarKind] = {
    CustomField.Type.TEXT: Kind.TEXT,
    CustomField.Type.NUMBER: Kind.DECIMAL,
    CustomField.Type.DATE: Kind.DATE,
    CustomField.Type.MENU: Kind.TEXT,
}

LONGEST_TEXT = 255


@dataclass(frozen=True)
class Definitions:
    """All definitions of one generation: by the name of the resource, codes by the plural name of their table."""

    generation: int = 0
    custom: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Limits]] = field(default_factory=dict)
    code_lists: CodeLists = field(default_factory=dict)
    extended: dict[tuple[str, str], Resource] = field(default_factory=dict, compare=False)

    def extend(self, resource: Resource, vendor: str = "") -> Resource:
        """
        Return the resource with the site's fields and limits; always the same one within a generation.

        One that was extended in another generation is extended anew.

        vendor  add the data of this one
        """
        base = resource.base or resource
        if (base.name, vendor) not in self.extended:
            restricted = base.apply_limits(self._find_limits(base))
            coded = restricted.apply_code_lists(self.code_lists)
            custom = self.custom.get(base.custom_owner, ())
            extended = coded.add_custom_fields(custom, self.generation)
            if vendor:
                extended = extended.add_vendor_data(vendor)
            self.extended[base.name, vendor] = replace(extended, base=base)
        return self.extended[base.name, vendor]

    def _find_limits(self, base: Resource) -> Mapping[str, Limits]:
        """Return the site's own limits of a resource's fields, those of the fields that hold them included."""
        own = self.rules.get(base.name, {})
        sources = {name: self.rules.get(holder, {}).get(column) for name, (holder, column) in base.limits_from.items()}
        return {**{name: limits for name, limits in sources.items() if limits is not None}, **own}


_latest = Definitions()


def definitions(generation: int) -> Definitions:
    """Return the definitions of a generation; if they have moved on since it was read, as they are now."""
    # One generation is enough: requests that are still in an older one read it again, which is rare and only slower.
    global _latest
    if _latest.generation != generation:
        _latest = _read()
    return _latest


def resource(base: Resource) -> Resource:
    """Return the resource as the site has it now; reads the generation (one query)."""
    return definitions(current_generation()).extend(base)


def current_generation() -> int:
    return Generation.objects.values_list("number", flat=True).get(id=1)


def _read() -> Definitions:
    # The number first: what is defined meanwhile moves it, and is read again.
    generation = current_generation()
    custom: dict[str, tuple[Field, ...]] = {}
    for definition in CustomField.objects.all():
        custom[definition.resource] = (*custom.get(definition.resource, ()), custom_field(definition))
    rules: dict[str, dict[str, Limits]] = {}
    for rule in FieldRule.objects.all():
        rules.setdefault(rule.resource, {})[rule.field] = (rule.max_length, rule.required, rule.form)
    return Definitions(
        generation, custom, rules, {str(m._meta.verbose_name_plural): _read_codes(m) for m in code_models()}
    )


def code_models() -> Iterator[type[Code]]:
    """Yield the tables of codes that the site has."""
    yield from (model for model in apps.get_models() if issubclass(model, Code))


def find_named_codes(model: type[Code]) -> dict[str, str]:
    """Return the codes of a table that settings name, each with the name of the setting."""
    dialects = {terms[model.term]: "DIALECT_TERMS" for terms in settings.DIALECT_TERMS.values() if model.term in terms}
    return {**dialects, getattr(settings, model.setting): model.setting}


def find_used_codes(model: type[Code], codes: Collection[str] | None = None) -> set[str]:
    """Return the codes of a table, all or some, that records have (one query for each column that may hold them)."""
    name = model._meta.verbose_name_plural
    holders: Iterator[tuple[type[models.Model], str]] = (
        (holder, column.name)
        for holder in apps.get_models()
        for column in holder._meta.fields
        if isinstance(column, CodeText) and column.code_list == name
    )
    found: set[str] = set()
    for holder, column in holders:
        rows = holder._default_manager.order_by()
        rows = rows if codes is None else rows.filter(**{f"{column}__in": codes})
        found.update(rows.values_list(column, flat=True).distinct())
    return found


def _read_codes(model: type[Code]) -> CodeList:
    codes = [*model._default_manager.order_by("code")]
    inactive = {each.code for each in codes if not each.active}
    # Few sites switch a code off: only they pay for the search.
    used = inactive & find_used_codes(model) if inactive else set()
    return CodeList(
        tuple((each.code, each.name) for each in codes if each.active or each.code in used),
        frozenset(used),
        {each.code: each.digits for each in codes if hasattr(each, "digits")},
    )


def custom_field(definition: CustomField) -> Field:
    """Build a custom field as callers see it: `custom_field1` of the number 1, `custom_tier` of the name `tier`."""
    inside = f"field{definition.name}" if definition.name.isdigit() else definition.name
    kind = KINDS[definition.type]
    menu = definition.type == CustomField.Type.MENU
    return ScalarField(
        name=f"custom_{inside}",  # the prefix parts it from the fields of the model, present and future
        kind=kind,
        label=definition.label,
        help=definition.help or f"{definition.label}.",
        required=definition.required,
        max_length=LONGEST_TEXT if kind is Kind.TEXT and not menu else None,
        choices=tuple((choice, choice) for choice in definition.choices) if menu else (),
        source=inside,
        custom=True,
        nullable=True,
    )
