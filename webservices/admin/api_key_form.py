"""The form of an API key: its operations as boxes to tick, a line for each kind of record."""

from collections.abc import Iterator, Mapping
from functools import cache

from django import forms
from django.contrib.auth.models import User
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from records.rights import has_rights_of
from webservices.declarations import OPERATIONS
from webservices.models import ApiKey
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.options import own_options
from webservices.wire.reference.catalog import offers


def verb_label(name: str) -> str:
    """Return the verb of an operation, or its option, for people: `parts.find` is `find`."""
    return name.rpartition(".")[2].replace("_", " ").replace("-", " ")


def group_operations() -> dict[str, list[str]]:
    """
    Group the names that a key may list by the label of their kind of record; public operations need no key.

    Those of options that must be listed, `sales_orders.import`, come after the operations.
    """
    groups: dict[str, list[str]] = {}
    for operation in OPERATIONS:
        if not operation.public:
            groups.setdefault(operation.resource.label_plural, []).append(operation.name)
    for operation in OPERATIONS:
        names = groups.get(operation.resource.label_plural, [])
        names += (each.listed_as for each in operation.options if each.listed_as and each.listed_as not in names)
    return groups


def operation_choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for label, names in group_operations().items():
        yield label, [(name, verb_label(name)) for name in names]


@cache
def list_dialect_names() -> Mapping[str, str]:
    """List the dialects' names of each operation, one dialect a line: `CRM-service: searchProducts, getProduct`."""
    lines: dict[str, list[str]] = {}
    plurals = dict.fromkeys(operation.resource.plural for operation in OPERATIONS)
    for dialect in DIALECTS:
        labels: dict[str, list[str]] = {}
        for offer in (offer for plural in plurals for offer in offers(dialect, plural, OPERATIONS)):
            labels.setdefault(offer.operation.name, []).append(offer.label)
        for name, names in labels.items():
            lines.setdefault(name, []).append(f"{dialect.label}: {', '.join(names)}")
    listed = {each.field: each.listed_as for operation in OPERATIONS for each in operation.options if each.listed_as}
    for option in own_options(OPERATIONS):
        if option.field in listed:
            lines[listed[option.field]] = [f"The option {option.name} ({option.header}): {option.help}"]
    return {name: "\n".join(each) for name, each in lines.items()}


class OperationCheckboxes(UnfoldAdminCheckboxSelectMultipleWidget):
    """The operations as checkboxes, a line for each kind of record; the title of each has the dialects' names of it."""

    template_name = "admin/webservices/apikey/operations.html"

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "title": list_dialect_names().get(str(value), "")}

    def render(self, name, value, attrs=None, renderer=None):
        # Django's form renderer looks in the folders of Django's widgets alone; this one reads the project's templates.
        return super().render(name, value, attrs, TemplatesSetting())


class ApiKeyForm(forms.ModelForm):
    """The form of an API key; `by` is the user who fills it in."""

    by: User
    operations = forms.MultipleChoiceField(
        choices=operation_choices,
        widget=OperationCheckboxes,
        help_text="What its user may not do, the key cannot do either. Hold the pointer over a box to see the systems' "
        "names of its operation: CRM-service's createSession opens sessions, its createProduct adds parts.",
    )

    class Meta:
        model = ApiKey
        fields = ("name", "description", "user", "operations", "expires_at")

    def clean_user(self) -> User:
        user = self.cleaned_data["user"]
        if not has_rights_of(self.by, user):
            raise forms.ValidationError(f"{user.get_username()} may do more than you, so you cannot give such a key.")
        return user

    def clean_expires_at(self):
        expires = self.cleaned_data["expires_at"]
        if expires and "expires_at" in self.changed_data and expires <= timezone.now():
            raise forms.ValidationError("This is in the past. To end a key at once, revoke it.")
        return expires

    def _get_validation_exclusions(self) -> set[str]:
        """Validate `revoked_at` too, which the form does not show: a name is unique among the keys that are in use."""
        return super()._get_validation_exclusions() - {"revoked_at"}  # type: ignore[misc]  # missing in the stubs
