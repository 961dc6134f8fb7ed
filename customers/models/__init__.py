"""Customers, their contacts and portals, their own numbers for our parts, and the places that addresses name."""

from customers.models.contacts import Contact, Portal, PortalUser
from customers.models.customer_parts import CustomerPart
from customers.models.customers import Customer, CustomerType
from customers.models.places import Country, State, Territory

__all__ = [
    "Contact",
    "Country",
    "Customer",
    "CustomerPart",
    "CustomerType",
    "Portal",
    "PortalUser",
    "State",
    "Territory",
]
