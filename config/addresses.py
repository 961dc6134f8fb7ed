"""The addresses that matter to people: `./start` prints them, and the home page links to them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    title: str
    path: str
    purpose: str


HOME = Address("Home", "/", "This page.")
PLACES = (
    Address("Admin", "/admin/", "Manage parts, customers and orders, and see who changed what."),
    Address("Test page", "/admin/webservices/test/", "Generate an input, send it, and read the answer."),
)
DOCUMENTATION = (
    Address("Reference", "/docs/reference/", "Every operation and field of every dialect, with examples."),
    Address("REST", "/api/v1/docs/", "The REST API, every operation with examples."),
    Address("OpenAPI", "/api/v1/schema/", "The same as a document, for generators of clients."),
    Address("CRM-service", "/CrmIntegrationWebservice/", "Managers, methods and types of its SOAP services."),
    Address("Expandable", "/help/", "Expandable's calls, each with a console to try it."),
    Address("EcoSys", "/ecosys/api/", "What is published, with WSDLs and schemas."),
    Address("SAP CPQ", "/wsAPI/CPQAPI.asmx", "Its functions, with the WSDL."),
    Address("WSDL", "/v2_0/receiver/parts?wsdl", "SOAP 2.0 for parts, for any SOAP client."),
)


def format_addresses(base: str) -> str:
    """Return all addresses below a base address, one per line."""
    rows = (HOME, *PLACES, *DOCUMENTATION)
    return "".join(f"  {row.title:<11} {base}{row.path}\n" for row in rows)
