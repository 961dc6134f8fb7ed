"""API keys in the admin site: made, with the token shown once; found, changed, deleted."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from webservices.access import services
from webservices.admin.api_key_actions import Acts
from webservices.admin.api_key_form import ApiKeyForm, by_resource, verb_of
from webservices.models import ApiKey

COLOURS = {"active": "success", "expired": "warning", "user disabled": "warning", "revoked": "danger"}


def state_of(key: ApiKey) -> str:
    if key.revoked_at:
        return "revoked"
    if key.expires_at and key.expires_at <= timezone.now():
        return "expired"
    return "active" if key.user.is_active else "user disabled"


class StateFilter(admin.SimpleListFilter):
    """Which keys let anybody in."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(name, name.capitalize()) for name in ("active", "expired", "revoked")]

    def queryset(self, request, queryset):
        over, ended = Q(expires_at__lte=timezone.now()), Q(revoked_at__isnull=False)
        wanted = {"active": ~ended & ~over & Q(user__is_active=True), "expired": over & ~ended, "revoked": ended}
        return queryset.filter(wanted[self.value()]) if self.value() in wanted else queryset


@admin.register(ApiKey)
class ApiKeyAdmin(Acts, ModelAdmin):
    """Keys by name; who may do what with one is said in `webservices.access.identify.services`."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "user", "number", "used_at", "expires_at", "state", "lock")
    list_select_related = ("user", "locked_by")
    list_filter = (StateFilter,)
    search_fields = ("name", "prefix", "user__username")
    search_help_text = "A name, the beginning of a key, or the name of a user."
    readonly_fields = ("prefix", "state", "lock", "used_at", "created_at", "created_by", "revoked", "listed")
    warn_unsaved_form = True

    # What is shown

    def get_fieldsets(self, request, obj=None):
        operations = "operations" if obj is None or self.has_change_permission(request, obj) else "listed"
        fieldsets = [
            (None, {"fields": ("name", "description", "user", "expires_at")}),
            ("Operations", {"fields": (operations,)}),
        ]
        stamps = ("prefix", ("state", "lock"), "used_at", ("created_at", "created_by"))
        stamps += ("revoked",) if obj and obj.revoked_at else ()
        return [*fieldsets, ("Key", {"fields": stamps})] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        """Whom a key acts as is said once: what is known of it must stay true of its past."""
        return (*self.readonly_fields, "user") if obj else self.readonly_fields

    def get_autocomplete_fields(self, request):
        return ("user",) if request.user.has_perm("auth.view_user") else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user" and not request.user.has_perm("auth.view_user"):
            kwargs["queryset"] = User.objects.filter(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    @admin.display(description="operations")
    def number(self, key: ApiKey) -> int:
        return len(key.operations)

    @admin.display(description="operations")
    def listed(self, key: ApiKey) -> str:
        known = {
            label: [verb_of(operation) for operation in operations if operation.name in key.operations]
            for label, operations in by_resource().items()
        }
        return "; ".join(f"{label}: {', '.join(verbs)}" for label, verbs in known.items() if verbs)

    @display(description="state", label=COLOURS)
    def state(self, key: ApiKey) -> str:
        return state_of(key)

    @admin.display(description="locked by", ordering="locked_by__username", empty_value="nobody")
    def lock(self, key: ApiKey) -> str | None:
        return key.locked_by and key.locked_by.get_username()

    @admin.display(description="revoked")
    def revoked(self, key: ApiKey) -> str:
        return f"{key.revoked_at:%Y-%m-%d %H:%M} by {key.revoked_by}"

    # Who may

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or services.can_change(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or services.can_delete(request.user, obj))

    def get_object(self, request, object_id, from_field=None):
        """Locked while it is written: nobody else's lock may come between the question and the answer."""
        key = super().get_object(request, object_id, from_field)
        if key is None or request.method != "POST":
            return key
        return self.get_queryset(request).select_for_update(of=("self",)).filter(pk=key.pk).first()

    # Making and saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        one_way = {} if object_id else {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **one_way})

    def save_model(self, request, obj, form, change):
        """Only what was changed: the key may be used, or revoked, at the same moment."""
        if not change:
            request.token = services.make_key(key=obj, by=request.user, at=timezone.now())
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)

    def response_add(self, request, obj, post_url_continue=None):
        """The token, on the answer itself: it is in no message, no session and no address, and never seen again."""
        context = {**self.admin_site.each_context(request), "title": f"API key {obj.name}", "opts": self.opts}
        context |= {"key": obj, "token": request.token}
        return TemplateResponse(request, "admin/webservices/apikey/made.html", context)
