"""
Move the due date of orders over REST, with a client that openapi-python-client makes of the OpenAPI document.

    pip install openapi-python-client
    openapi-python-client generate --url http://127.0.0.1:8000/api/v1/schema/ --meta none \\
        --output-path examples/counterpart_client
    HUB_PASSWORD=… python examples/order_due_date.py 2027-05-01 1001 1002 --url http://127.0.0.1:8000 --user admin

Prints what each order was, and what became of it. Its rows, its addresses and all else stay: what is not set is not
sent, and what is not sent is not touched. The whole batch is undone when one order fails.
"""

import argparse
import os
import sys
from base64 import b64encode
from datetime import date

from counterpart_client import AuthenticatedClient
from counterpart_client.api.sales_orders import batch_sales_orders, get_sales_order
from counterpart_client.models import BatchVerb, Problem, SalesOrder, SalesOrderBatch, SalesOrderInput


def sign_in(url: str, user: str) -> AuthenticatedClient:
    token = b64encode(f"{user}:{os.environ['HUB_PASSWORD']}".encode()).decode()
    return AuthenticatedClient(base_url=url, token=token, prefix="Basic", raise_on_unexpected_status=True)


def require(answer):
    """Return the answer; end the program when it is a problem."""
    if isinstance(answer, Problem):
        sys.exit(answer.detail)
    return answer


def show(order: SalesOrder) -> str:
    return f"{order.number}: due {order.due_date or 'at no date'}, {len(order.rows)} rows, total {order.total}"


def main() -> None:
    arguments = argparse.ArgumentParser(description="Move the due date of orders.")
    arguments.add_argument("due_date", type=date.fromisoformat)
    arguments.add_argument("numbers", nargs="+")
    arguments.add_argument("--url", default="http://127.0.0.1:8000")
    arguments.add_argument("--user", default="admin")
    given = arguments.parse_args()
    client = sign_in(given.url, given.user)
    for number in given.numbers:
        print("was", show(require(get_sales_order.sync(number, client=client))))
    records = [SalesOrderInput(number=number, due_date=given.due_date) for number in given.numbers]
    batch = SalesOrderBatch(verb=BatchVerb.UPDATE, records=records, all_or_none=True)
    answer = require(batch_sales_orders.sync(client=client, body=batch))
    for outcome in answer.outcomes:
        print(f"{outcome.key}: {outcome.became}", *(problem.detail for problem in outcome.problems))
    for number in given.numbers:
        print("is ", show(require(get_sales_order.sync(number, client=client))))


if __name__ == "__main__":
    main()
