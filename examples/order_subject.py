"""
Change the subject of one order over SOAP, with nothing but the WSDL: zeep reads it, no class is written.

    pip install zeep
    HUB_PASSWORD=… python examples/order_subject.py 1001 "Spring order" --url http://127.0.0.1:8000 --user admin

Prints what the order was and is. Its rows, its addresses and all else stay: what is not sent is not touched. To take
all rows away the program would have to say so: `{"rows": {"clear": True}}`.
"""

import argparse
import os
import sys

import zeep
from zeep.wsse.username import UsernameToken


def find(service, number: str):
    """Return the order of that number."""
    criterion = {"field": "sales_order_number", "value": number, "comparator": "="}
    found = service.getSalesOrders(SalesOrders={"criteria": [criterion]}).SalesOrders
    if not found:
        sys.exit(f"There is no order {number}.")
    return found.each_record[0]


def show(order) -> str:
    rows = order.rows.each_row if order.rows else []
    return f"{order.sales_order_number}: {order.subject or '(no subject)'}, {len(rows)} rows, total {order.total}"


def main() -> None:
    arguments = argparse.ArgumentParser(description="Change the subject of one order.")
    arguments.add_argument("number")
    arguments.add_argument("subject")
    arguments.add_argument("--url", default="http://127.0.0.1:8000")
    arguments.add_argument("--user", default="admin")
    given = arguments.parse_args()
    wsdl = f"{given.url}/v2_0/receiver/salesOrders?wsdl"
    service = zeep.Client(wsdl, wsse=UsernameToken(given.user, os.environ["HUB_PASSWORD"])).service
    print("was", show(find(service, given.number)))
    record = {"sales_order_number": given.number, "subject": given.subject}
    status = service.updateSalesOrders(SalesOrders={"each_record": [record]})
    if status.success != "true":
        sys.exit(status.detail)
    print("is ", show(find(service, given.number)))


if __name__ == "__main__":
    main()
