"""The admin of the tables that customers and contacts refer to; no service is needed to edit them."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from unfold.admin import ModelAdmin, TabularInline

from customers.models import Country, CustomerType, Portal, State, Territory

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class CountryColumns(TypedDict):
    """The annotations of the list of countries."""

    state_count: int | None


class StateInline(TabularInline):
    model = State
    extra = 0
    hide_title = True


@admin.register(Country)
class CountryAdmin(ModelAdmin):
    inlines = (StateInline,)
    show_full_result_count = False
    list_display = ("name", "code", "code2", "number_of_states")
    search_fields = ("name", "=code", "=code2")
    search_help_text = "A part of the name, or a code."

    def get_queryset(self, request):
        # A subquery: a join with GROUP BY would count the states again for the paginator.
        states = State.objects.filter(country=OuterRef("pk")).order_by().values("country")
        number = Subquery(states.annotate(number=Count("pk")).values("number"))
        return super().get_queryset(request).annotate(state_count=number)

    @admin.display(description="states")
    def number_of_states(self, country: "WithAnnotations[Country, CountryColumns]") -> str:
        return str(country.state_count or "")


@admin.register(Territory, CustomerType)
class NameAdmin(ModelAdmin):
    """The admin of a table that has only names."""

    list_display = ("name",)
    search_fields = ("name",)


@admin.register(Portal)
class PortalAdmin(ModelAdmin):
    list_display = ("name", "active")
    list_filter = ("active",)
    search_fields = ("name",)
