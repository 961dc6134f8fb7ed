"""The loader as its user runs it, on files of the same shape, against the real server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOADER = Path(__file__).parents[1] / "northwind.py"

CUSTOMERS = """
customer_id,company_name,contact_name,contact_title,address,city,region,postal_code,country,phone,fax
NWMÜL,Müller & Söhne,Jürgen Müller,Owner,"Gasse 1, Hof",Köln,,50667,Germany,0221-1,
NWSEA,Sea Lion Foods,Ann Sea,Sales Agent,2 Pier,Seattle,WA,98101,USA,(206) 1,(206) 2
NWORK,Irish Pies,Pat O'Malley,Owner,8 Lane,Cork,Co. Cork,,Ireland,2967,
"""
PRODUCTS = """
product_id,product_name,supplier_id,category_id,quantity_per_unit,unit_price,units_in_stock,discontinued
971,Chäi,8,1,10 boxes x 30 bags,18,39,0
972,Old Relish,1,2,12 - 550 ml bottles,9.80000019,0,1
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


@pytest.fixture
def folder(tmp_path):
    files = {"customers": CUSTOMERS, "products": PRODUCTS, "orders": ORDERS, "order-details": DETAILS}
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text.lstrip(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(live_server_process, folder):
    """Run the loader; gives the exit status and the last that each line showed."""

    def run():
        command = [sys.executable, str(LOADER), str(folder), "--url", live_server_process.url]
        environment = os.environ | {"HUB_PASSWORD": live_server_process.password, "PYTHONIOENCODING": "utf-8"}
        ran = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=120)
        assert not ran.stderr
        return ran.returncode, [line.rpartition("\r")[2] for line in ran.stdout.split("\n") if line]

    return run


def test_loads_once_and_a_second_run_changes_nothing(run):
    status, first = run()
    again, second = run()

    assert (status, again) == (0, 0), first + second
    assert [line.rpartition("  ")[2] for line in first[:3]] == ["created 3", "created 2", "created 2"]
    assert all("unchanged" in line for line in second[:-1])
    assert first[-1] == second[-1] == "All 2 orders, 3 rows and the total of 274.66 USD are those of the files."


def test_tells_the_reason_of_what_failed(run, folder):
    for file in folder.iterdir():  # keys of its own
        text = file.read_text(encoding="utf-8").replace("97", "98")
        file.write_text(text.replace("98102,NWSEA", "98102,NOBODY"), encoding="utf-8")

    status, lines = run()

    assert status == 1
    assert "  orders, 98102: customer names no customer: 'NOBODY' is not known." in lines
    assert lines[-1] == "1 of 2 orders differ from the files: 98102"
