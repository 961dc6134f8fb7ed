"""The admin of a list of codes that the site keeps as a table: add, switch on and off, delete what is not in use."""

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from unfold.admin import ModelAdmin

from records.customization import find_named_codes, find_used_codes
from records.models import Code


class CodeForm(forms.ModelForm):
    """The form of a code: one that a setting names cannot be switched off."""

    def clean_active(self) -> bool:
        active, code = self.cleaned_data["active"], self.instance.code
        setting = find_named_codes(type(self.instance)).get(code)
        if setting and not active:
            raise forms.ValidationError(f"The setting {setting} names {code}, so it stays active.")
        return active


@admin.action(description="Switch on", permissions=["change"])
def switch_on(page: ModelAdmin, request, codes: QuerySet[Code]) -> None:
    number = codes.filter(active=False).update(active=True)
    messages.success(request, f"Switched on: {number}.")


@admin.action(description="Switch off", permissions=["change"])
def switch_off(page: ModelAdmin, request, codes: QuerySet[Code]) -> None:
    """Switch the codes off, but for those that settings name."""
    named = find_named_codes(codes.model)
    number = codes.filter(active=True).exclude(code__in=named).update(active=False)
    messages.success(request, f"Switched off: {number}.")
    for code in codes.filter(code__in=named).values_list("code", flat=True):
        messages.warning(request, f"The setting {named[code]} names {code}, so it stays active.")


class CodeAdmin(ModelAdmin):
    """The admin of a list of codes. A code stays as it is; what records or settings have of it is not deleted."""

    form = CodeForm
    list_filter = ("active",)
    search_fields = ("=code", "name")
    search_help_text = "A code, or a part of a name."
    show_full_result_count = False
    actions = (switch_on, switch_off)

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()

    def get_deleted_objects(self, objs, request):
        """Return what would be deleted, and a sentence for each code that cannot be."""
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        named, used = find_named_codes(self.model), find_used_codes(self.model)
        for code in (each.code for each in objs):
            if code in named:
                protected.append(f"{code}: the setting {named[code]} names it.")
            elif code in used:
                protected.append(f"{code}: records have it. Switch it off instead, so that no other takes it.")
        return deleted, counts, forbidden, protected
