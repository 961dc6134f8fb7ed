"""
Form fields from the fields of a resource.

They show the limits and hand on the typed text as a Value. Only the service validates, so that a rule is written once:
a field's `clean` never refuses, and the service's problems are put onto their fields afterwards.
"""

from collections.abc import Collection

from django import forms
from django.utils.html import escape
from django.utils.text import capfirst
from unfold import widgets

from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value

EMPTY_CHOICE = [("", "—")]
YES_NO_CHOICES = [*EMPTY_CHOICE, ("true", "Yes"), ("false", "No")]

# Numbers are typed into text inputs: a number input sends nothing for what it takes for no number, and that would clear
# the field.
INPUT_MODES = {Kind.INTEGER: "numeric", Kind.DECIMAL: "decimal"}


class LexicalField(forms.Field):
    """A form field whose clean value is a Value: EMPTY, text in lexical form, or a list of texts."""

    def __init__(self, field: Field, **kwargs):
        self.kind, self.multiline, self.nullable = field.kind, field.multiline, field.nullable
        kwargs.setdefault("widget", widget(field))
        kwargs.setdefault("help_text", help_html(field))
        # An unticked box is not sent: a required boolean would refuse every "no".
        super().__init__(
            label=capfirst(field.label or field.name),
            required=field.required and field.kind is not Kind.BOOLEAN,
            initial=EMPTY if field.default is None else field.default,
            **kwargs,
        )

    def clean(self, value: object) -> Value:
        """Return the typed (or stored) text as a Value; never raises."""
        if self.kind is Kind.BOOLEAN and not self.nullable:
            return "true" if value is True or value in ("true", "on") else "false"
        if value is None or value is EMPTY:
            return EMPTY
        if self.kind is Kind.LIST:
            return [*_lines(value)] or EMPTY
        text = _unix(str(value)) if self.multiline else str(value).strip()
        return text if text.strip() else EMPTY

    def prepare_value(self, value: object) -> object:
        """Return a Value as its widget shows it."""
        if self.kind is Kind.BOOLEAN and not self.nullable:
            return self.clean(value) == "true"
        if value is EMPTY:
            return ""
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return not self.disabled and self.clean(initial) != self.clean(data)


class SecretField(LexicalField):
    """A field whose value is never shown; left blank, it stays as it is."""

    def has_changed(self, initial: object, data: object) -> bool:
        return bool(data)


def form_field(field: Field) -> forms.Field:
    """Build the form field of a resource's field (not of a map or of rows: those are inlines)."""
    return SecretField(field) if field.secret else LexicalField(field)


def form_name(field: Field) -> str:
    """
    Return the name of a field in the form. A custom field's name holds a dash.

    The admin looks names up among the attributes of the record and calls what it finds: a name that a user has chosen
    must never be one of an attribute.
    """
    return f"custom-{field.stored_as}" if field.custom else field.name


def unlisted_names(resource: Resource, listed: Collection[str], kinds: Collection[Kind]) -> list[str]:
    """
    List the writable fields of these kinds that are not listed; the custom fields have a section of their own.

    A column may have several fields, as `customer` and `customer_id` name the same record: one of them is enough.
    """
    columns = {resource.by_name[name].stored_as for name in listed if name in resource.by_name}
    names = []
    for field in resource.writable:
        if field.kind in kinds and not field.custom and field.stored_as not in columns:
            columns.add(field.stored_as)
            names.append(field.name)
    return names


def widget(field: Field) -> forms.Widget:
    """Build the input that fits the field's kind."""
    if field.secret:
        # Browsers pass over autocomplete="off" for passwords; with this they do not fill in the reader's own.
        return widgets.UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
    # A page may have hundreds of rows, and a list of hundreds of codes in each would be slow: codes are typed.
    if field.choices and not field.code_list:
        # A field with a default is never empty, so its list offers no blank line.
        blank = [] if field.required or field.default else EMPTY_CHOICE
        return widgets.UnfoldAdminSelectWidget(choices=[*blank, *field.choices])
    match field.kind:
        case Kind.BOOLEAN if field.nullable:
            return widgets.UnfoldAdminSelectWidget(choices=YES_NO_CHOICES)
        case Kind.BOOLEAN:
            return widgets.UnfoldBooleanSwitchWidget()
        case Kind.DATE:
            return widgets.UnfoldAdminSingleDateWidget()
        case Kind.LIST:
            return widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3})
        case Kind.TEXT if field.multiline:
            return widgets.UnfoldAdminTextareaWidget(attrs={"rows": 5})
    attrs = {"inputmode": INPUT_MODES[field.kind]} if field.kind in INPUT_MODES else {}
    return widgets.UnfoldAdminTextInputWidget(attrs=attrs)


def help_html(field: Field) -> str:
    """Return help and limits as HTML: the admin's templates do not escape it."""
    sentences = [field.help] if field.help != f"{field.label}." else []
    if field.kind is Kind.LIST:
        sentences.append(f"One per line, {field.item.limits()}.")
    elif (not field.choices or field.code_list) and field.kind is not Kind.BOOLEAN:
        sentences.append(f"{capfirst(field.limits())}.")
    return escape(" ".join(sentence for sentence in sentences if sentence))


def _unix(text: str) -> str:
    # Browsers send every line break as CR LF (the form submission algorithm of HTML), so unchanged text looked changed.
    return text.replace("\r\n", "\n")


def _lines(value: object) -> list[str]:
    lines = value if isinstance(value, list) else _unix(str(value)).split("\n")
    return [line.strip() for line in lines if line.strip()]
