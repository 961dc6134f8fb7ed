"""The made-up parts and orders, and how each wire spells them."""

import json
from collections.abc import Sequence
from decimal import Decimal

from benchmarks.ground import PASSWORD, USER
from webservices.soap.writing import Markup, document, element, join

Record = dict[str, object]

NAMESPACES = {
    "soapenv": "http://schemas.xmlsoap.org/soap/envelope/",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
}
XML, JSON = "text/xml; charset=UTF-8", "application/json"


def parts(prefix: str, count: int, edition: int = 1) -> list[Record]:
    """So many parts; another edition of them has other figures."""
    return [
        {
            "number": f"{prefix}-{number:05}",
            "description": {"en": f"Pump of size {number}, edition {edition}"},
            "price": {"USD": str(Decimal(number * 7 + 95 + edition) / 100)},
            "lead_time": str(number % 30 + edition),
            "units": "1",
            "notes": f"Comes with gasket {number % 17}, edition {edition}.",
        }
        for number in range(count)
    ]


def orders(
    prefix: str, count: int, part_numbers: Sequence[str], customers: Sequence[str], rows: int = 5
) -> list[Record]:
    """So many orders of so many rows, each with its price and discount."""
    return [
        {
            "number": f"{prefix}-{number:05}",
            "customer": customers[number % len(customers)],
            "subject": f"Order {number} of the season",
            "status": "Created",
            "due_date": "2027-03-31",
            "currency": "USD",
            "rows": [
                {
                    "line_number": str(row + 1),
                    "part_number": part_numbers[(number * rows + row) % len(part_numbers)],
                    "quantity": str(row + 1),
                    "unit_price": str(Decimal(number * 13 + row * 7 + 5) / 100),
                    "discount": str(row * 5),
                }
                for row in range(rows)
            ],
        }
        for number in range(count)
    ]


def soap(operation: str, wrapper: str, namespace: str, *content: Markup) -> bytes:
    """A whole envelope, with a UsernameToken."""
    token = element("wsse:UsernameToken", element("wsse:Username", USER), element("wsse:Password", PASSWORD))
    header = element("soapenv:Header", element("wsse:Security", token))
    named = {"xmlns:bm": f"http://xmlns.oracle.com/cpqcloud/{namespace}"}
    body = element(f"bm:{operation}", element(f"bm:{wrapper}", *content), attributes=named)
    declared = {f"xmlns:{prefix}": uri for prefix, uri in NAMESPACES.items()}
    return document(element("soapenv:Envelope", header, element("soapenv:Body", body), attributes=declared))


def soap_record(record: Record, key: str) -> Markup:
    return element("bm:each_record", join(_elements(record, key)))


def _elements(record: Record, key: str) -> list[Markup]:
    return [element(f"bm:{key if name == 'number' else name}", _content(value)) for name, value in record.items()]


def _content(value: object) -> Markup | str:
    if isinstance(value, dict):
        return join(_elements(value, ""))
    if isinstance(value, list):
        return join(element("bm:row", join(_elements(row, ""))) for row in value)
    return value


def modify_parts(records: Sequence[Record]) -> bytes:
    return soap("modifyParts", "Parts", "parts", *(soap_record(record, "part_number") for record in records))


def modify_sales_orders(records: Sequence[Record]) -> bytes:
    given = (soap_record(record, "sales_order_number") for record in records)
    return soap("modifySalesOrders", "SalesOrders", "salesOrders", *given)


def get_part(number: str) -> bytes:
    asked = {"field": "part_number", "value": number, "comparator": "="}
    return soap("getParts", "Parts", "parts", element("bm:criteria", join(_elements(asked, ""))))


def rest_batch(records: Sequence[Record]) -> bytes:
    return json.dumps({"verb": "put", "records": records}).encode()


def drf_parts(records: Sequence[Record]) -> bytes:
    """The same parts as lists of nested records, as a ModelSerializer has them."""
    return json.dumps([_drf_part(record) for record in records]).encode()


def _drf_part(record: Record) -> Record:
    descriptions = [{"language": language, "text": text} for language, text in record["description"].items()]
    prices = [{"currency": currency, "amount": amount} for currency, amount in record["price"].items()]
    plain = {name: value for name, value in record.items() if name not in ("description", "price")}
    return {**plain, "descriptions": descriptions, "prices": prices}


def drf_order(record: Record) -> bytes:
    rows = [
        {("part" if name == "part_number" else name): value for name, value in row.items()} for row in record["rows"]
    ]
    return json.dumps({**record, "rows": rows}).encode()
