"""The services of customers, contacts and customer parts."""

from customers.models import Contact, Customer, CustomerPart
from customers.resources import CONTACT, CUSTOMER, CUSTOMER_PART
from customers.rules import CONTACT_RULES, CUSTOMER_RULES
from records.services import Services

CUSTOMERS = Services(Customer, CUSTOMER, CUSTOMER_RULES)
CONTACTS = Services(Contact, CONTACT, CONTACT_RULES)
CUSTOMER_PARTS = Services(CustomerPart, CUSTOMER_PART)
