"""The services of parts, and of their prices one by one."""

from parts.models import Part, Price
from parts.resources import PART, PRICE
from parts.rules import PART_RULES
from records.services import ChildServices, Services

PARTS = Services(Part, PART, PART_RULES)
PRICES = ChildServices(Price, PRICE, parent=PARTS, rows="prices")
