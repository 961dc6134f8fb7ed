"""The definitions of a site: its custom fields, and its own limits of fields."""

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from records.admin.base import RecordAdmin
from records.models import CustomField, FieldRule
from records.shapes.fields import Kind
from records.shapes.recognition import MASK, is_secret_name, plain_name
from records.shapes.resources import Resource, nearest_name


def resources(*, with_custom_fields: bool = False) -> list[Resource]:
    """List the kinds of record that the admin site has beside the site's tables, or those with custom fields."""
    records = (page for page in admin.site._registry.values() if isinstance(page, RecordAdmin))
    pages = [page for page in records if not page.resource.site_table]
    return [page.resource for page in pages if not with_custom_fields or hasattr(page.model, "custom")]


def resource_select(resources: Iterable[Resource]) -> forms.Widget:
    # The column is a plain text: kinds of record are declared in code, so the choices are made when a form is.
    names = sorted((resource.name, resource.label) for resource in resources)
    return UnfoldAdminSelectWidget(choices=[("", "—"), *names])


class LinesField(SimpleArrayField):
    """A list of texts, one on each line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, delimiter="\n", widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}), **kwargs)

    def to_python(self, value):
        lines = value if isinstance(value, list) else (value or "").splitlines()
        return super().to_python("\n".join(line.strip() for line in lines if line.strip()))


class CustomFieldForm(forms.ModelForm):
    """The form of a custom field: a menu has choices, and nothing else has; none is named like a secret."""

    choices = LinesField(forms.CharField(max_length=255), required=False, help_text="What a menu offers, one per line.")

    def clean(self):
        cleaned = super().clean()
        is_menu = cleaned.get("type", self.instance.type) == CustomField.Type.MENU
        if is_menu and not cleaned.get("choices") and "choices" not in self.errors:
            self.add_error("choices", "A menu offers at least one choice.")
        if not is_menu and cleaned.get("choices"):
            self.add_error("choices", "Only a menu has choices.")
        # Wires spell it by its name or by its label; exchanges would mask it, and a call that is sent again lack it.
        for each in ("name", "label"):
            if is_secret_name(plain_name(cleaned.get(each) or "")):
                self.add_error(each, f"{cleaned[each]} is the name of a secret, which stored calls show as {MASK}.")
        return cleaned


@admin.register(CustomField)
class CustomFieldAdmin(ModelAdmin):
    """Custom fields. Once records may hold a field, its name and type stay; its label, help and choices may change."""

    form = CustomFieldForm
    list_display = ("label", "resource", "name", "type", "required")
    list_filter = ("resource", "type")
    search_fields = ("name", "label")
    fields = ("resource", "name", "label", "type", "choices", "required", "help")

    def get_readonly_fields(self, request, obj=None):
        return ("resource", "name", "type") if obj else ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "resource":
            kwargs["widget"] = resource_select(resources(with_custom_fields=True))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class FieldRuleForm(forms.ModelForm):
    """The form of a limit: its field exists, and is of a kind that the limit can apply to."""

    def clean(self):
        cleaned = super().clean()
        resource = next((r for r in resources() if r.name == cleaned.get("resource")), None)
        if resource is None or "field" not in cleaned:
            return cleaned
        field = resource.by_name.get(cleaned["field"])
        if field is None or field.read_only:
            self.add_error("field", self._unknown_field_message(resource, cleaned["field"]))
        elif cleaned.get("max_length") is not None and field.max_length is None:
            self.add_error("max_length", f"{field.label.capitalize()} is not a text with a limit.")
        elif cleaned.get("form") and field.kind is not Kind.TEXT:
            self.add_error("form", f"{field.label.capitalize()} is not a text.")
        return cleaned

    @staticmethod
    def _unknown_field_message(resource: Resource, name: str) -> str:
        known = tuple(field.name for field in resource.writable)
        nearest = nearest_name(name, known, resource.name)
        hint = f"Did you mean {nearest}?" if nearest else ", ".join(known)
        return f"{name} is not a field of a {resource.label.lower()}. {hint}"


@admin.register(FieldRule)
class FieldRuleAdmin(ModelAdmin):
    form = FieldRuleForm
    list_display = ("resource", "field", "max_length", "required", "form")
    list_display_links = ("resource", "field")
    list_filter = ("resource",)
    search_fields = ("field",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "resource":
            kwargs["widget"] = resource_select(resources())
        return super().formfield_for_dbfield(db_field, request, **kwargs)
