"""The admin of customers, their contacts and their numbers for our parts, and of the tables that these name."""

from customers.admin import contacts, customer_parts, customers, reference_tables

__all__ = ["contacts", "customer_parts", "customers", "reference_tables"]
