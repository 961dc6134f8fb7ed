"""
Form fields from the fields of a resource.

They show its limits and hand on what was typed, as a Value; whether that is right, the service decides, once. So a
field's `clean` never refuses: what is wrong comes back as the service's problem and is put onto the field.
"""

from django import forms
from django.utils.html import escape
from django.utils.text import capfirst
from unfold import widgets

from records.shapes.fields import Field, Kind
from records.shapes.values import EMPTY, Value

NOTHING_CHOSEN = [("", "—")]
YES_NO = [*NOTHING_CHOSEN, ("true", "Yes"), ("false", "No")]

# Numbers are typed into text inputs: a number input sends nothing for what it takes for no number, and that would clear
# the field.
NUMBERS = {Kind.INTEGER: "numeric", Kind.DECIMAL: "decimal"}


class LexicalField(forms.Field):
    """A form field whose clean value is a Value: EMPTY, text in lexical form, or a list of texts."""

    def __init__(self, field: Field, **kwargs):
        self.kind, self.multiline, self.nullable = field.kind, field.multiline, field.nullable
        kwargs.setdefault("widget", widget(field))
        kwargs.setdefault("help_text", help_of(field))
        super().__init__(
            label=capfirst(field.label or field.name),
            required=field.required and field.kind is not Kind.BOOLEAN,
            initial=EMPTY if field.default is None else field.default,
            **kwargs,
        )

    def clean(self, value: object) -> Value:
        """What was typed (or is stored) as a Value; never refuses."""
        if self.kind is Kind.BOOLEAN and not self.nullable:
            return "true" if value is True or value in ("true", "on") else "false"
        if value is None or value is EMPTY:
            return EMPTY
        if self.kind is Kind.LIST:
            return _lines(value) or EMPTY
        text = _unix(str(value)) if self.multiline else str(value).strip()
        return text if text.strip() else EMPTY

    def prepare_value(self, value: object) -> object:
        """A Value as its widget shows it."""
        if self.kind is Kind.BOOLEAN and not self.nullable:
            return self.clean(value) == "true"
        if value is EMPTY:
            return ""
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return not self.disabled and self.clean(initial) != self.clean(data)


class SecretField(LexicalField):
    """A field that is never shown; what is left blank stays as it is."""

    def has_changed(self, initial: object, data: object) -> bool:
        return bool(data)


def form_field(field: Field) -> forms.Field:
    """The form field of a field of a resource (not of its maps and rows: those are inlines)."""
    return SecretField(field) if field.secret else LexicalField(field)


def form_name(field: Field) -> str:
    """
    The name of a field in the form. A custom field's name holds a dash.

    The admin looks up names among the attributes of the record and calls what it finds: no name that a user has chosen
    may ever be an attribute.
    """
    return f"custom-{field.stored_as}" if field.custom else field.name


def widget(field: Field) -> forms.Widget:
    """The input that fits the field's kind."""
    if field.secret:
        return widgets.UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
    if field.choices:
        blank = [] if field.required or field.default else NOTHING_CHOSEN
        return widgets.UnfoldAdminSelectWidget(choices=[*blank, *field.choices])
    match field.kind:
        case Kind.BOOLEAN if field.nullable:
            return widgets.UnfoldAdminSelectWidget(choices=YES_NO)
        case Kind.BOOLEAN:
            return widgets.UnfoldBooleanSwitchWidget()
        case Kind.DATE:
            return widgets.UnfoldAdminSingleDateWidget()
        case Kind.LIST:
            return widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3})
        case Kind.TEXT if field.multiline:
            return widgets.UnfoldAdminTextareaWidget(attrs={"rows": 5})
    attrs = {"inputmode": NUMBERS[field.kind]} if field.kind in NUMBERS else {}
    return widgets.UnfoldAdminTextInputWidget(attrs=attrs)


def help_of(field: Field) -> str:
    """Help and limits, as HTML: the admin's templates do not escape it."""
    sentences = [field.help] if field.help != f"{field.label}." else []
    if field.kind is Kind.LIST:
        sentences.append(f"One per line, {field.item.limits()}.")
    elif not field.choices and field.kind is not Kind.BOOLEAN:
        sentences.append(f"{capfirst(field.limits())}.")
    return escape(" ".join(sentence for sentence in sentences if sentence))


def trimmed(number: str) -> str:
    """A number as the admin shows it to those who may only look, without the needless zeros of its column."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _unix(text: str) -> str:
    # Browsers send every line break as CR LF, which would make unchanged text look changed.
    return text.replace("\r\n", "\n")


def _lines(value: object) -> list[str]:
    lines = value if isinstance(value, list) else _unix(str(value)).split("\n")
    return [line.strip() for line in lines if line.strip()]
