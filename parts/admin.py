"""The admin of parts: their list, their page with descriptions and prices, their history."""

from django.conf import settings
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery

from parts.models import Part, PartDescription, Price
from parts.resources import ORDINARY
from parts.services import PARTS
from records.admin import RecordAdmin, RecordInline
from records.admin.fields import trimmed
from records.shapes.money import money_text


class DescriptionInline(RecordInline):
    model = PartDescription
    field = "description"
    verbose_name = "description"
    verbose_name_plural = "descriptions"


class PriceInline(RecordInline):
    model = Price
    field = "prices"
    readonly_preprocess_fields = {"minimum_quantity": trimmed, "amount": trimmed}


@admin.register(Part)
class PartAdmin(RecordAdmin):
    services = PARTS
    inlines = (DescriptionInline, PriceInline)
    fieldsets = (
        (None, {"fields": ["number", "display_number", "active"]}),
        ("Buying", {"fields": ["direct_buy", "units", "lead_time", "company_associations"]}),
        ("Elsewhere", {"fields": ["partner_part_id", "partner_organization_id"]}),
        ("Notes", {"fields": ["notes", "attachments"]}),
    )
    list_display = ("number", "description", "price", "active", "changed_at")
    list_filter = ("active", "changed_at")
    sortable_by = ("number", "changed_at")
    search_fields = ("number",)
    search_help_text = "The beginning of a number, ours or a customer's, or words of the part's texts."
    numbers_elsewhere = ("customer_parts__number",)  # known to the database, not to this app

    def get_queryset(self, request) -> QuerySet[Part]:
        """Each part with the description and the price that the list shows, in the one query that reads it."""
        here = {"part": OuterRef("pk")}
        descriptions = PartDescription.objects.filter(**here, language=settings.DEFAULT_LANGUAGE).values("text")
        prices = Price.objects.filter(**here, currency=settings.DEFAULT_CURRENCY, **ORDINARY).values("amount")
        parts = super().get_queryset(request).defer("words")
        return parts.annotate(shown_description=Subquery(descriptions), shown_price=Subquery(prices))

    def label_of(self, part: Part) -> str:
        """How a part is offered where one is named."""
        return " ".join(filter(None, (part.number, f"({part.shown_description})" if part.shown_description else "")))

    @admin.display(description="description")
    def description(self, part: Part) -> str:
        return part.shown_description or ""

    @admin.display(description="price")
    def price(self, part: Part) -> str:
        return "" if part.shown_price is None else money_text(part.shown_price, settings.DEFAULT_CURRENCY)
