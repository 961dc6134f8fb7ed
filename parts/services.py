"""What can be done with parts, and with their prices one by one."""

from parts.models import Part, Price
from parts.resources import PART, PRICE
from records.child_services import ChildServices
from records.services import Services

PARTS = Services(Part, PART)
PRICES = ChildServices(Price, PRICE, PARTS, relation="part", rows="prices")
