"""The admin of customer parts: a customer's own number, description and prices of one of our parts."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from customers.models import CustomerPart
from customers.services import CUSTOMER_PARTS
from records.admin import RecordAdmin

TAB = ["tab"]


@admin.register(CustomerPart)
class CustomerPartAdmin(RecordAdmin):
    services = CUSTOMER_PARTS
    fieldsets = (
        (None, {"fields": ["customer", "part", "number", "active"]}),
        ("Sale", {"fields": [
            "description", ("unit_of_measure", "sale_conversion"), ("order_quantity", "shipping_lead_time"),
            ("sale_status", "contract"), ("reference", "salesman_id"), ("product_line", "default_stores_code"),
            ("tax_code", "vat_code"),
        ]}),
        ("Quote", {"classes": TAB, "fields": [
            ("quote_quantity", "quote_unit_price"), ("currency", "discount"), ("price_code", "price_change"),
            "last_quote_date",
        ]}),
        ("Last order", {"classes": TAB, "fields": [
            ("last_order", "last_order_date"), ("last_order_quantity", "last_order_unit"),
            ("last_order_price", "last_discount"), "last_price_code",
        ]}),
        ("Delivery", {"classes": TAB, "fields": [
            ("partial_shipment", "early_shipment"), "serial_numbers_required",
            ("engineering_change", "drawing_revision"),
        ]}),
        ("Comments", {"classes": TAB, "fields": [
            "comment_id", "comment_1", "comment_2", "comment_3", "comment_4", "notes", "attachments",
        ]}),
        ("User fields", {"classes": TAB, "fields": [
            (f"user_{number}", f"user_{number + 1}") for number in range(1, 15, 2)
        ]}),
    )  # fmt: skip
    list_display = ("number", "customer", "part", "description", "active", "changed_at")
    list_filter = ("active", ("customer", AutocompleteSelectFilter), ("part", AutocompleteSelectFilter))
    list_filter_submit = True
    ordering = ("customer_id", "part_id", "number")  # the order of its index: any other would sort the whole table
    sortable_by = ("number",)
    search_fields = ("number",)
    search_help_text = "The beginning of the customer's number for the part, of our number, or of the customer's own."
