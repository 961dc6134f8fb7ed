"""The loader as its user runs it, on files of the same shapes as real ones, against the real server."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests

EXAMPLES = Path(__file__).parents[1]
NORTHWIND = (EXAMPLES / "northwind.toml").read_text(encoding="utf-8")

CUSTOMERS = """
customer_id,company_name,contact_name,contact_title,address,city,region,postal_code,country,phone,fax
NWMÜL,Müller & Söhne,Jürgen Müller,Owner,"Gasse 1, Hof",Köln,,50667,Germany,0221-1,
NWSEA,Sea Lion Foods,Ann Sea,Sales Agent,2 Pier,Seattle,WA,98101,USA,(206) 1,(206) 2
NWORK,Irish Pies,Pat O'Malley,Owner,8 Lane,Cork,Co. Cork,,Ireland,2967,
NWQUE,Mère Paillarde,Jean Fresnière,Owner,43 rue St. Laurent,Montréal,Québec,H1J 1C3,Canada,(514) 5,
"""
PRODUCTS = """
product_id,product_name,supplier_id,category_id,quantity_per_unit,unit_price,units_in_stock,units_on_order,reorder_level,discontinued
971,Chäi,8,1,10 boxes x 30 bags,18,39,0,10,0
972,Old Relish,1,2,12 - 550 ml bottles,9.80000019,0,1,25,1
"""
ORDERS = """
order_id,customer_id,employee_id,order_date,required_date,shipped_date,ship_via,freight,ship_name,ship_address,ship_city,ship_region,ship_postal_code,ship_country
97101,NWMÜL,5,1996-07-04,1996-08-01,1996-07-16,3,32.3800011,Müller & Söhne,Gasse 1,Köln,,50667,Germany
97102,NWSEA,6,1996-07-05,1996-08-16,,1,0.0199999996,Sea Lion Foods,2 Pier,Seattle,WA,98101,USA
"""
DETAILS = """
order_id,product_id,unit_price,quantity,discount
97101,971,14.3999996,12,0.0500000007
97101,972,9.80000019,10,0
97102,972,2.0999999,7,0.150000006
"""


class Shop:
    """Files and a mapping in a folder; `run` loads them, and gives the exit status and all that was printed."""

    def __init__(self, server, folder: Path):
        self.server = server
        self.folder = folder

    def write(self, mapping: str, files: dict[str, str], encoding: str = "utf-8") -> None:
        (self.folder / "mapping.toml").write_text(mapping, encoding="utf-8")
        for name, text in files.items():
            (self.folder / f"{name}.csv").write_text(text.lstrip("\n"), encoding=encoding)

    def run(self, *, url: str = "", password: str = "") -> tuple[int, list[str]]:
        command = [sys.executable, EXAMPLES / "load_csv.py", "mapping.toml", ".", "--url", url or self.server.url]
        environment = os.environ | {"HUB_PASSWORD": password or self.server.password, "PYTHONIOENCODING": "utf-8"}
        ran = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8", timeout=120
        )
        return ran.returncode, [line.rpartition("\r")[2] for line in (ran.stdout + ran.stderr).split("\n") if line]

    def get(self, path: str) -> dict:
        account = self.server.username, self.server.password
        response = requests.get(f"{self.server.url}/api/v1/{path}/", auth=account, timeout=60)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture
def shop(live_server_process, tmp_path):
    return Shop(live_server_process, tmp_path)


def northwind(shop: Shop, *changes: tuple[str, str]) -> None:
    """Write the mapping of Northwind and its files, with some changes in all of them."""
    files = {"customers": CUSTOMERS, "products": PRODUCTS, "orders": ORDERS, "order-details": DETAILS}
    for change in changes:
        files = {name: text.replace(*change) for name, text in files.items()}
    shop.write(NORTHWIND, files)


def results(lines: list[str]) -> list[str]:
    return [line.rpartition("  ")[2] for line in lines if "[####" in line]


@pytest.mark.process
def test_loads_once_and_a_second_run_changes_nothing(shop):
    northwind(shop, ("NW", "NX"), ("97", "96"))  # keys that no other test has

    status, first = shop.run()
    again, second = shop.run()

    assert (status, again) == (0, 0), first + second
    assert results(first) == ["created 4", "created 2", "created 2"]
    assert results(second) == ["unchanged 4", "unchanged 2", "unchanged 2"]
    assert (
        first[-3:]
        == second[-3:]
        == [
            "USD  by the files: 3 rows 274.66 + tax 0 + freight 32.40 = 307.06",
            "USD  at the hub:   3 rows 274.66 + tax 0.00 + freight 32.40 = 307.06",
            "orders: 2 records with 3 rows; all are equal.",
        ]
    )


@pytest.mark.process
def test_loads_every_column(shop):
    northwind(shop)
    assert shop.run()[0] == 0

    order, customer = shop.get("sales-orders/97101"), shop.get("customers/NWQUE")

    expected = {
        "customer": "NWMÜL", "status": "Delivered", "order_date": "1996-07-04", "due_date": "1996-08-01",
        "ship_date": "1996-07-16", "ship_method": "Federal Shipping", "notes": "Taken by employee 5",
        "shipping_street": "Müller & Söhne, Gasse 1", "shipping_city": "Köln", "shipping_postcode": "50667",
        "shipping_country": "DEU", "freight": 32.38, "total": 262.16, "grand_total": 294.54,
    }  # fmt: skip
    numbers = {name: float(order[name]) for name in ("freight", "total", "grand_total")}
    assert {name: (order | numbers)[name] for name in expected} == expected
    assert [(row["part_number"], float(row["discount"])) for row in order["rows"]] == [("NW-971", 5), ("NW-972", 0)]
    assert shop.get("sales-orders/97102")["status"] == "Approved"
    assert (customer["state"], customer["country"], customer["first_name"]) == ("QC", "CAN", "Jean")
    assert shop.get("customers/NWORK")["province"] == "Co. Cork"
    assert shop.get("parts/NW-972")["active"] is False


@pytest.mark.process
def test_tells_the_reason_of_what_is_refused(shop):
    northwind(shop)
    mapping = NORTHWIND.replace('number = "order_id"', 'number = { template = "R{order_id}" }')
    shop.write(mapping, {"orders": ORDERS.replace("97102,NWSEA", "97102,NOBODY")})

    status, lines = shop.run()

    assert status == 1
    assert "  orders R97102 refused, customer: customer names no customer: 'NOBODY' is not known." in lines
    assert "  1 times refused for customer (unresolved)" in lines
    assert "  orders R97102: it is not at the hub." in lines
    assert lines[-1] == "orders: 2 records with 3 rows; 1 of the orders differ."


@pytest.mark.process
def test_refuses_a_total_that_the_files_have_wrong(shop):
    northwind(shop)
    mapping = NORTHWIND.replace('number = "order_id"', 'number = { template = "T{order_id}" }\ngrand_total = "due"')
    due = ORDERS.replace("ship_country\n", "ship_country,due\n").replace("Germany", "Germany,294.53")
    shop.write(mapping, {"orders": due.replace("USA", "USA,12.52")})

    status, lines = shop.run()

    assert status == 1
    assert results(lines)[2] == "created 1, failed 1"
    refusal = next(line for line in lines if line.startswith("  orders T97101 refused, grand_total: "))
    assert "294.53" in refusal
    assert "294.54" in refusal

    # Without the option the hub takes the order, and says so.
    shop.write((shop.folder / "mapping.toml").read_text(encoding="utf-8").replace(', "Check-Totals"', ""), {})
    status, lines = shop.run()
    assert (status, results(lines)[2]) == (0, "created 1, unchanged 1")
    assert [line for line in lines if line.startswith("  1 times warned for grand_total")]


@pytest.mark.process
def test_sends_nothing_where_mapping_and_files_do_not_fit(shop):
    northwind(shop, ("units_in_stock", "stock"))

    status, lines = shop.run()

    assert status == 2
    assert lines == ["products.csv: nothing uses stock: map it, or ignore it in [files.products]."]


@pytest.fixture
def busy_proxy(live_server_process) -> Iterator[str]:
    """The address of a proxy that sends each second call away."""
    calls = iter(range(1_000_000))

    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = None
            if next(calls) % 2:
                answer = requests.post(
                    f"{live_server_process.url}{self.path}", data=body, headers={**self.headers}, timeout=60
                )
            self.send_response(answer.status_code if answer is not None else 503)
            self.send_header("Content-Type", "application/json")
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(answer.content if answer is not None else b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.process
def test_comes_again_where_the_hub_is_busy(shop, busy_proxy):
    northwind(shop)

    status, lines = shop.run(url=busy_proxy)

    assert (status, len(results(lines))) == (0, 3), lines
    assert lines[-1] == "orders: 2 records with 3 rows; all are equal."


@pytest.mark.process
def test_ends_in_a_sentence_where_nobody_answers_or_lets_it_in(shop):
    northwind(shop)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    nobody = shop.run(url=f"http://127.0.0.1:{port}")
    refused = shop.run(password="wrong")

    assert (nobody[0], refused[0]) == (1, 1)
    assert nobody[1][-1].endswith("Run it again: what is stored stays.")
    assert "batch/: 401, " in refused[1][-1]
