"""The services of sales orders and their shipments."""

from orders.models import SalesOrder, Shipment
from orders.resources import SALES_ORDER, SHIPMENT
from orders.rules import ORDER_RULES
from orders.shipments import SHIPMENT_RULES
from records.services import Services

SALES_ORDERS = Services(SalesOrder, SALES_ORDER, ORDER_RULES, "orders.import_finished_orders")
SHIPMENTS = Services(Shipment, SHIPMENT, SHIPMENT_RULES)
