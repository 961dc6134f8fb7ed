"""
Part and its children, descriptions by language and prices; the ordinary price for a quantity on a day; and the
languages and currencies of the site.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from records.columns import CodeText, Text, attachments, caseless_index, vendor_data, words_column
from records.models import Code, Record

LANGUAGE = RegexValidator(
    r"^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?(_[A-Z]{2})?$", "A language is a code such as en or pt_BR."
)
CURRENCY = RegexValidator(r"^[A-Z]{3}$", "A currency is an ISO code of three capital letters, such as USD.")


class Language(Code):
    """A language that descriptions are kept in."""

    setting = "DEFAULT_LANGUAGE"
    term = "language"

    code = Text(
        "code",
        max_length=12,
        validators=[LANGUAGE],
        help_text="Of ISO 639, alone or with a script or a country: pt_BR.",
    )

    class Meta(Code.Meta):
        constraints = [models.UniqueConstraint(fields=["code"], name="parts_language_code")]


class Currency(Code):
    """A currency that prices and orders are in, with the digits that its amounts have."""

    setting = "DEFAULT_CURRENCY"
    term = "currency"

    code = Text("code", max_length=3, validators=[CURRENCY], help_text="Of ISO 4217, or one of the site's own: USD.")
    digits = models.PositiveSmallIntegerField(
        "digits",
        default=2,
        # The columns of amounts have as many places.
        validators=[MaxValueValidator(5)],
        help_text="Of its minor unit: 2 for USD, 0 for JPY. Amounts are written, and totals rounded, with as many.",
    )

    class Meta(Code.Meta):
        verbose_name_plural = "currencies"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="parts_currency_code"),
            models.CheckConstraint(condition=Q(digits__lte=5), name="parts_currency_digits"),
        ]


class DirectBuy(models.IntegerChoices):
    WITH_PARENT = 0, "Not direct"
    DIRECT = 1, "Direct buy"
    RECOMMENDED = 2, "Recommended only"


class PartQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)


class Part(Record):
    """Something that is sold, found by its number."""

    number = Text("part number", max_length=50, help_text="Unique and case-sensitive.")
    display_number = Text("display number", max_length=50, blank=True, default="", help_text="Shown instead of it.")
    direct_buy = models.SmallIntegerField(
        "direct buy", choices=DirectBuy.choices, default=DirectBuy.DIRECT, help_text="How the part may be bought."
    )
    lead_time = models.IntegerField(
        "lead time", default=-1, validators=[MinValueValidator(-1)], help_text="In days; -1 is not set."
    )
    units = models.IntegerField("units", default=1, validators=[MinValueValidator(1)], help_text="Number of units.")
    company_associations = ArrayField(
        Text(max_length=100),
        verbose_name="company associations",
        default=list,
        blank=True,
        help_text="Companies whose users may see the part; none: all.",
    )
    custom = models.JSONField("custom fields", default=dict, blank=True)
    partner_part_id = Text("partner part id", max_length=100, blank=True, default="", help_text="Its id in the CRM.")
    partner_organization_id = Text(
        "partner organization id", max_length=100, blank=True, default="", help_text="Its inventory organization."
    )
    partner_price_book_entry_id = Text(
        "partner price book entry id",
        max_length=100,
        blank=True,
        default="",
        help_text="Its entry in a CRM's price book.",
    )
    external_key_1 = Text(
        "external key 1", max_length=100, blank=True, default="", help_text="Its id in another system; not unique."
    )
    external_key_2 = Text(
        "external key 2", max_length=100, blank=True, default="", help_text="Its id in one more system; not unique."
    )
    default_unit_of_measure = Text(
        "default unit of measure", max_length=10, blank=True, default="", help_text="A code, such as EA or KG."
    )
    eligible_to_sell = models.BooleanField(
        "eligible to sell", null=True, blank=True, help_text="Whether it may be sold."
    )
    eligible_for_service = models.BooleanField(
        "eligible for service", null=True, blank=True, help_text="Whether it may be serviced."
    )
    self_service = models.BooleanField(
        "self service", null=True, blank=True, help_text="Whether customers may order it by themselves."
    )
    notes = Text("notes", max_length=32765, blank=True, default="", help_text="Free text.")
    attachments = attachments()
    active = models.BooleanField("active", default=True, help_text="An inactive part goes on no new order.")
    words = words_column("number", "display_number", "notes")

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="parts_part_number"),
            models.CheckConstraint(condition=~Q(number=""), name="parts_part_number_not_blank"),
            models.CheckConstraint(condition=Q(direct_buy__in=DirectBuy.values), name="parts_part_direct_buy_known"),
            models.CheckConstraint(condition=Q(lead_time__gte=-1), name="parts_part_lead_time"),
            models.CheckConstraint(condition=Q(units__gte=1), name="parts_part_units_positive"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="parts_part_words"),
            models.Index(fields=["changed_at", "id"], name="parts_part_changed_id"),
            models.Index(fields=["created_at", "id"], name="parts_part_created_id"),
            caseless_index("number", "parts_part_number_caseless"),
            # Partial: most parts are active, and have no other number and no company of their own.
            models.Index(fields=["number"], name="parts_part_inactive", condition=Q(active=False)),
            models.Index(fields=["display_number"], name="parts_part_display", condition=~Q(display_number="")),
            models.Index(fields=["partner_part_id"], name="parts_part_partner", condition=~Q(partner_part_id="")),
            models.Index(fields=["external_key_1"], name="parts_part_external_1", condition=~Q(external_key_1="")),
            models.Index(fields=["external_key_2"], name="parts_part_external_2", condition=~Q(external_key_2="")),
            GinIndex(
                fields=["company_associations"], name="parts_part_companies", condition=~Q(company_associations=[])
            ),
        ]

    def __str__(self):
        return self.number


class PartDescription(models.Model):
    """The description of a part in one language."""

    part = models.ForeignKey(
        # No index of its own: that of the unique constraint below begins with the part.
        Part,
        on_delete=models.CASCADE,
        related_name="descriptions",
        verbose_name="part",
        db_index=False,
    )
    language = CodeText(
        "language", max_length=12, validators=[LANGUAGE], code_list="languages", help_text="Such as en or pt_BR."
    )
    text = Text("description", max_length=2000, help_text="In that language.")
    words = words_column("text")

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["part", "language"], name="parts_partdescription_language"),
            models.CheckConstraint(condition=~Q(text=""), name="parts_partdescription_text_not_blank"),
        ]
        indexes = [GinIndex(fields=["words"], name="parts_partdescription_words")]

    def __str__(self):
        return f"{self.language}: {self.text}"


class ExtendedDescription(models.Model):
    """One of the two long texts about a part in one language."""

    part = models.ForeignKey(
        Part, on_delete=models.CASCADE, related_name="extended_descriptions", verbose_name="part", db_index=False
    )
    number = models.PositiveSmallIntegerField("number", help_text="1 or 2: which of the texts it is.")
    language = CodeText(
        "language", max_length=12, validators=[LANGUAGE], code_list="languages", help_text="Such as en or pt_BR."
    )
    text = Text("extended description", max_length=4000, help_text="In that language.")

    class Meta:
        ordering = ["number", "language"]
        constraints = [
            models.UniqueConstraint(fields=["part", "number", "language"], name="parts_extendeddescription_key"),
            models.CheckConstraint(condition=Q(number__in=(1, 2)), name="parts_extendeddescription_number"),
            models.CheckConstraint(condition=~Q(text=""), name="parts_extendeddescription_not_blank"),
        ]

    def __str__(self):
        return f"{self.language}: {self.text}"


class Price(models.Model):
    """The price of a part in a currency, from a quantity on, between two days."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="prices", verbose_name="part", db_index=False)
    currency = CodeText(
        "currency", max_length=3, validators=[CURRENCY], code_list="currencies", help_text="ISO code, such as USD."
    )
    price_code = Text("price code", max_length=20, blank=True, default="", help_text="Blank: the ordinary price.")
    minimum_quantity = models.DecimalField(
        "minimum quantity", max_digits=15, decimal_places=4, default=1, help_text="From this quantity on.",
        validators=[MinValueValidator(Decimal("0.0001"))],
    )  # fmt: skip
    effective_date = models.DateField("effective date", null=True, blank=True, help_text="From this day on.")
    end_date = models.DateField("end date", null=True, blank=True, help_text="Through this day; none: it does not end.")
    amount = models.DecimalField("amount", max_digits=19, decimal_places=5, validators=[MinValueValidator(0)])
    vendor = vendor_data()

    class Meta:
        ordering = ["currency", "price_code", "minimum_quantity", "effective_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "currency", "price_code", "minimum_quantity", "effective_date"],
                # Else a part could have two prices without a day for the same quantity.
                nulls_distinct=False,
                name="parts_price_key",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="parts_price_amount"),
            models.CheckConstraint(condition=Q(minimum_quantity__gt=0), name="parts_price_minimum_quantity"),
            models.CheckConstraint(
                condition=Q(effective_date=None) | Q(end_date=None) | Q(end_date__gte=F("effective_date")),
                name="parts_price_end_date",
            ),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True)
class PriceEntry:
    """An ordinary price: from which quantity on, from which day and through which day; None: no first, no last one."""

    minimum_quantity: Decimal
    effective_date: date | None
    end_date: date | None
    amount: Decimal

    def applies(self, quantity: Decimal, on: date) -> bool:
        """True if so many cost this on a day."""
        has_begun = self.effective_date is None or self.effective_date <= on
        has_ended = self.end_date is not None and self.end_date < on
        return self.minimum_quantity <= quantity and has_begun and not has_ended


@dataclass(frozen=True)
class PriceList:
    """The ordinary prices of some parts in some currencies."""

    entries: dict[tuple[int, str], list[PriceEntry]]

    def amount(self, part: int, currency: str, quantity: Decimal, on: date) -> Decimal | None:
        """Return the price of the highest quantity reached and then of the latest day reached; None: there is none."""
        applying = [
            (entry.minimum_quantity, entry.effective_date or date.min, entry.amount)  # without a day: the oldest
            for entry in self.entries.get((part, currency), ())
            if entry.applies(quantity, on)
        ]
        return max(applying, default=(None, None, None))[2]


def load_ordinary_prices(*, parts: Iterable[int], currencies: Iterable[str]) -> PriceList:
    """Load the price list of these parts, by id, in these currencies (one query)."""
    entries: dict[tuple[int, str], list[PriceEntry]] = {}
    prices = Price.objects.filter(part__in=set(parts), currency__in=set(currencies), price_code="")
    rows = prices.values_list("part_id", "currency", "minimum_quantity", "effective_date", "end_date", "amount")
    for part, currency, quantity, begins, ends, amount in rows:
        entries.setdefault((part, currency), []).append(PriceEntry(quantity, begins, ends, amount))
    return PriceList(entries)
