"""
Customization: the custom fields and limits that a site has defined by itself, laid over the resources.

The definitions are read again when their generation has moved; a trigger moves it, whoever changes them. Nothing is
read at import or check time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from records.models import CustomField, FieldRule, Generation
from records.shapes.fields import Field, Kind, ScalarField, ScalarKind
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
    """All definitions of one generation, by the name of the resource."""

    generation: int = 0
    custom: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Limits]] = field(default_factory=dict)
    extended: dict[str, Resource] = field(default_factory=dict, compare=False)

    def extend(self, resource: Resource) -> Resource:
        """
        Return the resource with the site's fields and limits; always the same one within a generation.

        One that was extended in another generation is extended anew.
        """
        base = resource.base or resource
        if base.name not in self.extended:
            restricted = base.apply_limits(self.rules.get(base.name, {}))
            extended = restricted.add_custom_fields(self.custom.get(base.name, ()), self.generation)
            self.extended[base.name] = replace(extended, base=base)
        return self.extended[base.name]


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
    return Definitions(generation, custom, rules)


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
