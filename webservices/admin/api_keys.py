"""The admin of API keys: creation, with the token shown once; list, change and deletion."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from webservices.access import services
from webservices.admin.api_key_actions import KeyActionsMixin
from webservices.admin.api_key_form import ApiKeyForm, group_operations, verb_label
from webservices.models import ApiKey

COLOURS = {"active": "success", "expired": "warning", "user disabled": "warning", "revoked": "danger"}


def key_state(key: ApiKey) -> str:
    """Return the state of a key: `active`, `expired`, `revoked` or `user disabled`."""
    if key.revoked_at:
        return "revoked"
    if key.expires_at and key.expires_at <= timezone.now():
        return "expired"
    return "active" if key.user.is_active else "user disabled"


class StateFilter(admin.SimpleListFilter):
    """A filter by state; `active` keys are the ones that still let callers in."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(name, name.capitalize()) for name in ("active", "expired", "revoked")]

    def queryset(self, request, queryset):
        expired, revoked = Q(expires_at__lte=timezone.now()), Q(revoked_at__isnull=False)
        conditions = {
            "active": ~revoked & ~expired & Q(user__is_active=True),
            "expired": expired & ~revoked,
            "revoked": revoked,
        }
        return queryset.filter(conditions[self.value()]) if self.value() in conditions else queryset


@admin.register(ApiKey)
class ApiKeyAdmin(KeyActionsMixin, ModelAdmin):
    """The admin of API keys; `webservices.access.services` decides who may do what with a key."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "user", "number", "used_at", "expires_at", "state", "lock")
    list_select_related = ("user", "locked_by")
    list_filter = (StateFilter,)
    search_fields = ("name", "prefix", "user__username")
    search_help_text = "A name, the beginning of a key, or the name of a user."
    readonly_fields = ("prefix", "state", "lock", "used_at", "created_at", "created_by", "revocation", "operation_list")
    warn_unsaved_form = True

    # The content of the form

    def get_fieldsets(self, request, obj=None):
        operations = "operations" if obj is None or self.has_change_permission(request, obj) else "operation_list"
        fieldsets = [
            (None, {"fields": ("name", "description", "user", "expires_at")}),
            ("Operations", {"fields": (operations,)}),
        ]
        stamps = ("prefix", ("state", "lock"), "used_at", ("created_at", "created_by"))
        stamps += ("revocation",) if obj and obj.revoked_at else ()
        return [*fieldsets, ("Key", {"fields": stamps})] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        """Return the read-only fields; the user of a stored key is one, so that its past calls stay that user's."""
        return (*self.readonly_fields, "user") if obj else self.readonly_fields

    def get_autocomplete_fields(self, request):
        # The search box asks the users' own page, which answers only those who may see users.
        return ("user",) if request.user.has_perm("auth.view_user") else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        # Who may not see the users must not learn their names from this list either.
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
    def operation_list(self, key: ApiKey) -> str:
        verbs_by_label = {
            label: [verb_label(name) for name in names if name in key.operations]
            for label, names in group_operations().items()
        }
        return "; ".join(f"{label}: {', '.join(verbs)}" for label, verbs in verbs_by_label.items() if verbs)

    @display(description="state", label=COLOURS)
    def state(self, key: ApiKey) -> str:
        return key_state(key)

    @admin.display(description="locked by", ordering="locked_by__username", empty_value="nobody")
    def lock(self, key: ApiKey) -> str | None:
        return key.locked_by.get_username() if key.locked_by else None

    @admin.display(description="revoked")
    def revocation(self, key: ApiKey) -> str:
        return f"{key.revoked_at:%Y-%m-%d %H:%M} by {key.revoked_by}"

    # Permissions

    def has_change_permission(self, request, obj=None):
        has_perm = super().has_change_permission(request, obj)
        return has_perm and (obj is None or services.can_change(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        has_perm = super().has_delete_permission(request, obj)
        return has_perm and (obj is None or services.can_delete(request.user, obj))

    def get_object(self, request, object_id, from_field=None):
        """Return the key, its row locked for a POST: nobody may lock the key between the check and the write."""
        key = super().get_object(request, object_id, from_field)
        if key is None or request.method != "POST":
            return key
        return self.get_queryset(request).select_for_update(of=("self",)).filter(pk=key.pk).first()

    # Creation and change

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        # A new key has one way to be saved: the page with its token must be the next.
        buttons = {} if object_id else {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **buttons})

    def save_model(self, request, obj, form, change):
        """Save the changed fields only: the key may be used, or revoked, at the same moment."""
        if not change:
            request.token = services.make_key(key=obj, by=request.user, at=timezone.now())
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)

    def response_add(self, request, obj, post_url_continue=None):
        """Show the token in the response itself: it is in no message, session or address, and never shown again."""
        context = {**self.admin_site.each_context(request), "title": f"API key {obj.name}", "opts": self.opts}
        context |= {"key": obj, "token": request.token}
        return TemplateResponse(request, "admin/webservices/apikey/token.html", context)
