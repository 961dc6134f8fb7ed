"""
Users and groups, with the site's own forms.

Who may change users is no superuser by that: only rights that one has can be given, and only people without further
rights be changed, removed, or given a password (`records.rights`).
"""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from records.rights import find_groups, find_permissions, has_rights_of

admin.site.unregister(User)
admin.site.unregister(Group)


class PeopleAdmin(ModelAdmin):
    """The base of both pages: who may be changed by whom, and what can be given."""

    # A box to search and select in needs less room than two lists side by side.
    filter_horizontal: list[str] | tuple[str, ...] | tuple[()] = ()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or has_rights_of(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or has_rights_of(request.user, obj))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        rights = {"permissions": find_permissions, "user_permissions": find_permissions, "groups": find_groups}
        kwargs["queryset"] = rights[db_field.name](request.user)
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.widget = UnfoldAdminSelect2MultipleWidget(choices=field.choices)
        # Without Django's words on how to choose in a list.
        field.help_text = db_field.help_text if request.user.is_superuser else f"{db_field.help_text} {LIMIT}".strip()
        return field

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "GET" and super().has_change_permission(request):
            obj = self.get_object(request, object_id)
            if obj is not None and not has_rights_of(request.user, obj):
                messages.info(request, f"{obj} has rights that you lack, so you can only look at this.")
        return super().change_view(request, object_id, form_url, extra_context)


LIMIT = "Only what you may do yourself can be given."


@admin.register(User)
class SiteUserAdmin(PeopleAdmin, UserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def get_readonly_fields(self, request, obj=None):
        """Return the read-only fields: only a superuser makes superusers."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_superuser")


@admin.register(Group)
class SiteGroupAdmin(PeopleAdmin, GroupAdmin, ModelAdmin):
    pass
