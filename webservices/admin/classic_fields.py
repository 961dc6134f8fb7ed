"""The button that defines the custom fields which every classic site of Oracle CPQ has for its parts."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse

from records.admin.definitions import CustomFieldAdmin
from records.models import CustomField
from records.shapes.fields import Kind, ScalarField
from webservices.wire.dialects.oracle import classic

TYPES = {Kind.TEXT: CustomField.Type.TEXT, Kind.DECIMAL: CustomField.Type.NUMBER}


def find_missing_fields() -> list[ScalarField]:
    """Find the classic fields that the site has not defined (one query)."""
    return classic.find_missing(CustomField.objects.filter(resource=classic.RECORD).values_list("name", flat=True))


def define_classic_fields() -> list[CustomField]:
    """Define those that are missing; return them. One that is defined stays as it is, whatever its type."""
    fields = [
        CustomField(
            resource=classic.RECORD,
            name=field.stored_as.removeprefix("field"),
            label=field.label,
            type=TYPES[field.kind],
        )
        for field in find_missing_fields()
    ]
    # Somebody else may define one meanwhile.
    return CustomField.objects.bulk_create(fields, ignore_conflicts=True)


class ClassicFieldsAdmin(CustomFieldAdmin):
    """The admin of custom fields, with the button above its list."""

    list_before_template = "admin/webservices/customfield/classic.html"

    def get_urls(self):
        address = path("classic/", self.admin_site.admin_view(self.classic_view), name="records_customfield_classic")
        return [address, *super().get_urls()]

    def classic_view(self, request: HttpRequest) -> HttpResponse:
        """Define the classic fields that are missing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        added = define_classic_fields()
        self.message_user(request, f"{len(added)} custom fields of parts were added.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:records_customfield_changelist"))

    def changelist_view(self, request, extra_context=None):
        missing = len(find_missing_fields()) if self.has_add_permission(request) else 0
        return super().changelist_view(request, {**(extra_context or {}), "missing_classic_fields": missing})


admin.site.unregister(CustomField)
admin.site.register(CustomField, ClassicFieldsAdmin)
