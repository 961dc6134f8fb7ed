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


# An export of a database: tables without a header row, some in UTF-16, that are joined by their ids.
DATABASE = """
[format]
separator = "\\t"
quote = ""
absent = ["NULL"]
[files]
areas = { path = "areas.csv", columns = ["id", "name"], encoding = "utf-16" }
states = { path = "states.csv", columns = ["id", "code", "country", "area"], separator = "|" }
buyers = { path = "buyers.csv", columns = ["id", "name", "state"] }
goods = { path = "goods.csv", columns = ["id", "number"] }
ways = { path = "ways.csv", columns = ["id", "name"] }
heads = { path = "heads.csv", columns = ["id", "day", "buyer", "clerk", "po", "way", "tax", "freight", "due"] }
lines = { path = "lines.csv", columns = ["order", "good", "price", "quantity", "discount"], encoding = "utf-16" }

[[stages]]
resource = "territories"
key = "name"
file = "areas"
fields.name = "name"

[[stages]]
resource = "customers"
file = "buyers"
[stages.fields]
number = { template = "DB-{id:0>5}" }
company = "name"
state = "state.code"
country = "state.country"
territory = "area.name"
[stages.joins]
state = { file = "states", on = "state", key = "id" }
area = { file = "areas", on = "state.area", key = "id" }

[[stages]]
resource = "parts"
file = "goods"
fields.number = "number"

[[stages]]
resource = "sales-orders"
title = "orders"
file = "heads"
options = ["Import", "Check-Totals"]
rounding = "row"
[stages.fields]
number = { template = "DB{id}" }
customer = { template = "DB-{buyer:0>5}" }
order_date = { column = "day", date = "iso" }
assigned_user = { column = "clerk", map = { 1 = "admin", 2 = "nobody" }, known = "users.username" }
status = { value = "Delivered" }
purchase_order_number = "po"
ship_method = "way.name"
territory = "area.name"
currency = { value = "AUD" }
tax = "tax"
freight = "freight"
grand_total = "due"
[stages.joins]
way = { file = "ways", on = "way", key = "id" }
buyer = { file = "buyers", on = "buyer", key = "id" }
state = { file = "states", on = "buyer.state", key = "id" }
area = { file = "areas", on = "state.area", key = "id" }
[stages.children.rows]
file = "lines"
on = "id"
key = "order"
joins.good = { file = "goods", on = "good", key = "id" }
[stages.children.rows.fields]
line_number = { position = true }
part_number = "good.number"
unit_price = "price"
quantity = "quantity"
discount = { column = "discount", times = 100 }
"""
TABLES = {
    "states": "1|NSW|AU|1\n2|ENG|GB|2\n3|91 |FR|3\n",
    "buyers": '1\tBikes "Down Under"\t1\n2\tTea & Co\t2\n3\tVélos\t3\n',
    "goods": "7\tDB-7\n8\tDB-8\n",
    "ways": "5\tCARGO\n",
    "heads": "1\t2011-05-31 00:00:00.000\t1\t1\tPO18850127500\t5\t1.25\t0.50\t11.75\n"
    "2\t2011-06-01 00:00:00.000\t3\t2\tNULL\tNULL\t0\t0\t6.68\n",
}
UTF_16 = {
    "areas": "1\tDown Under\n2\tThe Isles\n3\tÎle-de-France\n",
    "lines": "1\t7\t2.50\t4\t0.00\n2\t7\t3.335\t1\t0\n2\t8\t3.335\t1\t0\n",
}


@pytest.mark.process
def test_loads_the_tables_of_a_database(shop):
    shop.write(DATABASE, TABLES)
    shop.write(DATABASE, UTF_16, encoding="utf-16")

    status, lines = shop.run()
    again, second = shop.run()

    assert (status, again) == (0, 0), lines + second
    assert results(lines) == ["created 3", "created 3", "created 2", "created 2"]
    assert results(second) == ["unchanged 3", "unchanged 3", "unchanged 2", "unchanged 2"]
    assert lines[0] == "1 values of clerk in heads.csv are no users.username of the hub: left out."
    assert lines[-2] == "AUD  at the hub:   3 rows 16.68 + tax 1.25 + freight 0.50 = 18.43"
    customers = [shop.get(f"customers/DB-0000{number}") for number in (1, 2, 3)]
    assert [(each["state"], each["country"], each["territory"]) for each in customers] == [
        ("NSW", "AUS", "Down Under"),
        ("ENG", "GBR", "The Isles"),
        ("91", "FRA", "Île-de-France"),
    ]
    names = ("order_date", "assigned_user", "purchase_order_number", "ship_method", "territory")
    assert [[shop.get(f"sales-orders/{number}")[name] for name in names] for number in ("DB1", "DB2")] == [
        ["2011-05-31", "admin", "PO18850127500", "CARGO", "Down Under"],
        ["2011-06-01", "", "", "", "Île-de-France"],
    ]


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
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            address = f"{live_server_process.url}{self.path}"
            answer = None
            if next(calls) % 2:
                answer = requests.request(self.command, address, data=body, headers={**self.headers}, timeout=60)
            self.send_response(answer.status_code if answer is not None else 503)
            self.send_header("Content-Type", "application/json")
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(answer.content if answer is not None else b"")

        do_GET = do_POST

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
    assert ": 401, " in refused[1][-1]
