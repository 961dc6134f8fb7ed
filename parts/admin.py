"""
The admin of parts: their list, their page with descriptions and prices, their history; and of the languages and
currencies of the site.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery

from parts.models import Currency, Language, Part, PartDescription, Price
from parts.resources import ORDINARY
from parts.services import PARTS
from parts.tables import CURRENCIES, LANGUAGES
from records.admin import RecordAdmin, RecordInline
from records.shapes.formatting import trim_zeros
from records.shapes.money import money_text

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class ListColumns(TypedDict):
    """The annotations of the list: the site's own description and price of a part."""

    default_description: str | None
    default_price: Decimal | None
    digits: int


class DescriptionInline(RecordInline):
    model = PartDescription
    field = "description"
    verbose_name = "description"
    verbose_name_plural = "descriptions"


class PriceInline(RecordInline):
    model = Price
    field = "prices"
    readonly_preprocess_fields = {"minimum_quantity": trim_zeros, "amount": trim_zeros}


@admin.register(Part)
class PartAdmin(RecordAdmin):
    services = PARTS
    inlines = (DescriptionInline, PriceInline)
    fieldsets = (
        (None, {"fields": ["number", "display_number", "active"]}),
        ("Buying", {"fields": ["direct_buy", "units", "default_unit_of_measure", "lead_time", "company_associations"]}),
        ("Eligibility", {"fields": ["eligible_to_sell", "eligible_for_service", "self_service"]}),
        (
            "In other systems",
            {
                "fields": [
                    "partner_part_id",
                    "partner_organization_id",
                    "partner_price_book_entry_id",
                    ("external_key_1", "external_key_2"),
                ]
            },
        ),
        ("Notes", {"fields": ["notes", "attachments"]}),
    )
    list_display = ("number", "description", "price", "active", "changed_at")
    list_filter = ("active", "changed_at")
    # These have an index; description and price are subqueries.
    sortable_by = ("number", "changed_at")
    search_fields = ("number",)
    search_help_text = "The beginning of a number, ours or a customer's, or words of the part's texts."
    other_number_lookups = ("customer_parts__number",)  # known to the database, not to this app

    def get_queryset(self, request) -> QuerySet[Part]:
        """Return each part with the description and the price that the list shows, in one query."""
        descriptions = PartDescription.objects.filter(part=OuterRef("pk"), language=settings.DEFAULT_LANGUAGE)
        prices = Price.objects.filter(part=OuterRef("pk"), currency=settings.DEFAULT_CURRENCY, **ORDINARY)
        parts = super().get_queryset(request).defer("words")
        return parts.annotate(
            default_description=Subquery(descriptions.values("text")),
            default_price=Subquery(prices.values("amount")),
            digits=Subquery(Currency.objects.filter(code=settings.DEFAULT_CURRENCY).values("digits")),
        )

    def get_label(self, part: "WithAnnotations[Part, ListColumns]") -> str:
        """Return the label of a part among the choices of a field that names one."""
        return f"{part.number} ({part.default_description})" if part.default_description else part.number

    @admin.display(description="description")
    def description(self, part: "WithAnnotations[Part, ListColumns]") -> str:
        return part.default_description or ""

    @admin.display(description="price")
    def price(self, part: "WithAnnotations[Part, ListColumns]") -> str:
        return "" if part.default_price is None else money_text(part.default_price, part.digits)


class CodeAdmin(RecordAdmin):
    """The admin of a list of codes."""

    list_filter = ("active",)
    sortable_by = ("code", "name")
    search_fields = ("code",)
    search_help_text = "The beginning of a code or of a word of the name."


@admin.register(Language)
class LanguageAdmin(CodeAdmin):
    services = LANGUAGES
    list_display = ("code", "name", "active")


@admin.register(Currency)
class CurrencyAdmin(CodeAdmin):
    services = CURRENCIES
    list_display = ("code", "name", "digits", "active")
