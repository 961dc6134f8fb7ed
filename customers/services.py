"""
What can be done with customers, contacts and customer parts, whole batches at a time.

Every function runs inside the caller's transaction; `resource` is the declared one as the site has extended it.
"""

from customers.models import Contact, Customer, CustomerPart
from customers.resources import CONTACT, CUSTOMER, CUSTOMER_PART
from customers.rules import CONTACT_RULES, CUSTOMER_RULES
from records.services import services

customers = services(Customer, CUSTOMER, CUSTOMER_RULES)
contacts = services(Contact, CONTACT, CONTACT_RULES)
customer_parts = services(CustomerPart, CUSTOMER_PART)
