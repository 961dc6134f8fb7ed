"""The form of an API key: its operations as boxes to tick, a line for each kind of record."""

from collections.abc import Iterator, Mapping
from functools import cache

from django import forms
from django.contrib.auth.models import User
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from webservices.access.services import can_act_as
from webservices.declarations import OPERATIONS
from webservices.models import ApiKey
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operation
from webservices.wire.reference.catalog import offers


def verb_of(operation: Operation) -> str:
    return operation.name.rpartition(".")[2].replace("_", " ").replace("-", " ")


def by_resource() -> dict[str, list[Operation]]:
    """What a key may list, by what their kind of record is called; not what anybody may ask."""
    found: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        if not operation.public:
            found.setdefault(operation.resource.label_plural, []).append(operation)
    return found


def choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for label, operations in by_resource().items():
        yield label, [(operation.name, verb_of(operation)) for operation in operations]


@cache
def in_other_words() -> Mapping[str, str]:
    """What each dialect calls an operation, by its name: `CRM-service: searchProducts, getProduct`, a line for each."""
    lines: dict[str, list[str]] = {}
    plurals = dict.fromkeys(operation.resource.plural for operation in OPERATIONS)
    for dialect in DIALECTS:
        labels: dict[str, list[str]] = {}
        for offer in (offer for plural in plurals for offer in offers(dialect, plural, OPERATIONS)):
            labels.setdefault(offer.operation.name, []).append(offer.label)
        for name, called in labels.items():
            lines.setdefault(name, []).append(f"{dialect.label}: {', '.join(called)}")
    return {name: "\n".join(told) for name, told in lines.items()}


class Boxes(UnfoldAdminCheckboxSelectMultipleWidget):
    """
    A line for each group, from the project's own templates, where forms do not look by themselves.

    Each box tells what the dialects call its operation.
    """

    template_name = "admin/webservices/apikey/boxes.html"

    def create_option(self, name, value, *arguments, **named):
        option = super().create_option(name, value, *arguments, **named)
        return {**option, "title": in_other_words().get(str(value), "")}

    def render(self, name, value, attrs=None, renderer=None):
        return super().render(name, value, attrs, TemplatesSetting())


class ApiKeyForm(forms.ModelForm):
    """`by` is who fills it in."""

    by: User
    operations = forms.MultipleChoiceField(
        choices=choices,
        widget=Boxes,
        help_text="What its user may not do, the key cannot do either. A box tells what each system calls its "
        "operation: CRM-service's createSession opens sessions, its createProduct adds parts.",
    )

    class Meta:
        model = ApiKey
        fields = ("name", "description", "user", "operations", "expires_at")

    def clean_user(self) -> User:
        user = self.cleaned_data["user"]
        if not can_act_as(self.by, user.pk):
            raise forms.ValidationError(f"{user.get_username()} may do more than you, so you cannot give such a key.")
        return user

    def clean_expires_at(self):
        expires = self.cleaned_data["expires_at"]
        if expires and "expires_at" in self.changed_data and expires <= timezone.now():
            raise forms.ValidationError("This is in the past. To end a key at once, revoke it.")
        return expires

    def _get_validation_exclusions(self) -> set[str]:
        """A name is unique among the keys in use: for that the form must look at what it does not show."""
        return super()._get_validation_exclusions() - {"revoked_at"}
