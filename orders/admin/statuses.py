"""The admin of order statuses, and of the steps between them."""

from django import forms
from django.contrib import admin
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from orders.models import OrderStatus


class OrderStatusForm(forms.ModelForm):
    """The form of a status; at least one status must be one that new orders start with."""

    def clean_starts(self) -> bool:
        starts = self.cleaned_data["starts"]
        others = OrderStatus.objects.exclude(pk=self.instance.pk)
        if not starts and not others.filter(starts=True).exists():
            raise forms.ValidationError("New orders start with some status; let another one start first.")
        return starts


@admin.register(OrderStatus)
class OrderStatusAdmin(ModelAdmin):
    form = OrderStatusForm
    show_full_result_count = False
    list_display = ("name", "place", "starts", "rows_change", "removable", "next_statuses")
    search_fields = ("name",)
    fields = (("name", "place"), "next", "starts", "rows_change", "removable")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("next")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.widget = UnfoldAdminSelect2MultipleWidget(choices=field.choices)
        field.help_text = db_field.help_text
        return field

    @admin.display(description="next statuses")
    def next_statuses(self, status: OrderStatus) -> str:
        return ", ".join(following.name for following in status.next.all()) or "—"
