"""The services of sales orders."""

from orders.models import SalesOrder
from orders.resources import SALES_ORDER
from orders.rules import ORDER_RULES
from records.services import Services

SALES_ORDERS = Services(SalesOrder, SALES_ORDER, ORDER_RULES)
