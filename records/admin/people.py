"""Users and groups, with the site's own forms."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

admin.site.unregister(User)
admin.site.unregister(Group)


class MultipleSelectMixin(ModelAdmin):
    """Many-to-many fields as one box to search and select in, which needs less room than two lists side by side."""

    filter_horizontal: list[str] | tuple[str, ...] | tuple[()] = ()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.widget = UnfoldAdminSelect2MultipleWidget(choices=field.choices)
        field.help_text = db_field.help_text  # without Django's words on how to choose in a list
        return field


@admin.register(User)
class SiteUserAdmin(MultipleSelectMixin, UserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class SiteGroupAdmin(MultipleSelectMixin, GroupAdmin, ModelAdmin):
    pass
