"""The admin of sales orders, and of the statuses that they step through."""

from orders.admin import sales_orders, statuses

__all__ = ["sales_orders", "statuses"]
