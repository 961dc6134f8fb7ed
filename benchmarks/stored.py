"""Stored records whose numbers begin alike, without that beginning: all sides must have written the same."""

from orders.models import SalesOrder
from parts.models import Part
from records.models import Change
from webservices.models import Exchange


def list_parts(prefix: str) -> list[tuple]:
    parts = Part.objects.filter(number__startswith=prefix).prefetch_related("descriptions", "prices")
    return [
        (
            part.number.removeprefix(prefix), part.lead_time, part.notes, part.units, part.version,
            [(each.language, each.text) for each in part.descriptions.all()],
            [(each.currency, each.amount) for each in part.prices.all()],
        )
        for part in parts
    ]  # fmt: skip


def list_orders(prefix: str) -> list[tuple]:
    orders = SalesOrder.objects.filter(number__startswith=prefix).select_related("customer", "status")
    return [
        (
            order.number.removeprefix(prefix), order.customer.number, order.status.name, order.total, order.grand_total,
            order.order_date, order.due_date,
            list(order.rows.values_list("line_number", "part__number", "quantity", "unit_price", "discount", "total")),
        )
        for order in orders.prefetch_related("rows")
    ]  # fmt: skip


def list_history(prefix: str) -> list[tuple]:
    """Return the Changes that callers made of the records, each with what its call's exchange says."""
    changes = Change.objects.filter(key__startswith=prefix).exclude(call_id="").order_by("key", "id")
    exchanges = {each.call_id: each for each in Exchange.objects.filter(call_id__in=[each.call_id for each in changes])}
    return [(_describe_change(change, prefix), _describe_exchange(exchanges[change.call_id])) for change in changes]


def _describe_change(change: Change, prefix: str) -> tuple:
    fields = {name: texts for name, texts in change.fields.items() if name != "number"}
    return change.resource, change.key.removeprefix(prefix), change.version, change.result, change.user_name, fields


def _describe_exchange(exchange: Exchange) -> tuple:
    counts = (exchange.records_in, exchange.created, exchange.updated, exchange.failed)
    return exchange.operation, exchange.user_name, exchange.request_body is not None, counts
