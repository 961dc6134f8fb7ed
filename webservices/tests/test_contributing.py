"""
The lists of CONTRIBUTING.md for a field and a resource, followed in a copy of the tree.

Nothing else is changed there. Then the copy's own tests of what was added are run, on a cluster of their own: it is on
every open wire, in the admin, in skeletons, round trips and reference pages.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

OURS = ("DATA", "COUNTERPART", "PYTEST")  # the environment's names that say where this run has its data
LEFT_BEHIND = shutil.ignore_patterns(".*", "var", "node_modules", "__pycache__")

# The file, the words after which something is added, and what is.
FIELD = [
    (
        "parts/models.py",
        'validators=[MinValueValidator(1)], help_text="Number of units.")\n',
        '    shelf_life = models.IntegerField("shelf life", default=0, help_text="In months; 0: it keeps.")\n',
    ),
    ("parts/resources.py", '        "units",\n', '        "shelf_life",\n'),
]
MODEL = '''

class Warehouse(Record):
    """A place where parts lie."""

    number = Text("warehouse number", max_length=20, help_text="Unique and case-sensitive.")
    city = Text("city", max_length=80, help_text="Where it stands.")
    opened_on = models.DateField("opened on", null=True, blank=True, help_text="When it was opened.")
    notes = Text("notes", max_length=1000, blank=True, default="", help_text="Free text.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="parts_warehouse_number"),
            models.CheckConstraint(condition=~Q(number=""), name="parts_warehouse_number_not_blank"),
        ]

    def __str__(self):
        return self.number
'''
RESOURCE_DECLARATION = """
WAREHOUSE = derive(
    Warehouse,
    key=["number"],
    fields=["number", "city", "opened_on", "notes"],
    examples=[{"number": "W-1", "city": "Basel", "opened_on": "2024-05-01", "notes": "Two floors."}],
)
"""
ADMIN = """

@admin.register(Warehouse)
class WarehouseAdmin(RecordAdmin):
    services = WAREHOUSES
    fieldsets = ((None, {"fields": ["number", "city", "opened_on", "notes"]}),)
    list_display = ("number", "city")
    search_fields = ("number",)
"""
NOT_THERE = '"warehouses": "This vendor has no word for them.",\n'
RESOURCE = [
    ("parts/models.py", None, MODEL),
    ("parts/resources.py", "from parts.models import ", "Warehouse, "),
    ("parts/resources.py", None, RESOURCE_DECLARATION),
    ("parts/services.py", "from parts.models import ", "Warehouse, "),
    ("parts/services.py", "from parts.resources import ", "WAREHOUSE, "),
    ("parts/services.py", None, "WAREHOUSES = Services(Warehouse, WAREHOUSE)\n"),
    ("parts/admin.py", "from parts.models import ", "Warehouse, "),
    ("parts/admin.py", "from parts.services import ", "WAREHOUSES, "),
    ("parts/admin.py", None, ADMIN),
    ("webservices/declarations.py", "from parts.services import ", "WAREHOUSES, "),
    ("webservices/declarations.py", "RECORDS: tuple[Services, ...] = (\n", "    WAREHOUSES,\n"),
    (
        "webservices/wire/dialects/oracle/names.py",
        "SERVICES: Mapping[str, str] = {\n",
        '    "warehouses": "warehouses",\n',
    ),
    (
        "webservices/wire/dialects/ecosys/published.py",
        "DEFAULT_APIS = (\n",
        '    _default_api("Warehouse", "warehouses", "number"),\n',
    ),
    ("webservices/wire/dialects/oracle_rest/names.py", "DECLINED = {\n", f"    {NOT_THERE}"),
    ("webservices/wire/dialects/sap/names.py", "DECLINED: Mapping[str, str] = {\n", f"    {NOT_THERE}"),
    ("webservices/wire/dialects/crm/dialect.py", "    declined = {\n", f"        {NOT_THERE}"),
    (
        "webservices/wire/dialects/expandable/dialect.py",
        '    media = "json"\n',
        f"    declined = {{{NOT_THERE.strip()}}}\n",
    ),
]

PUBLICATION = """
from django.db import migrations


def publish(apps, schema_editor):
    api = apps.get_model("webservices", "PublishedApi").objects.create(name="Warehouse", resource="warehouses")
    apps.get_model("webservices", "PublishedParameter").objects.create(api=api, name="Number", field="number")


class Migration(migrations.Migration):
    dependencies = [("webservices", "LAST")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
"""
GROWN = """
import json

import pytest
from django.test import Client

from parts.models import Part, Warehouse
from webservices.declarations import OPERATIONS
from webservices.models import PublishedApi
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.reference.catalog import documents

pytestmark = pytest.mark.django_db
BY_NAME = {dialect.name: dialect for dialect in DIALECTS}


@pytest.fixture
def signed_in(ada):
    client = Client()
    client.force_login(ada)
    return client


def test_rest_writes_and_finds_them(signed_in):
    warehouse = {"number": "W-7", "city": "Oslo", "opened_on": "2020-01-31"}
    for path, body in (("warehouses", warehouse), ("parts", {"number": "P-7", "shelf_life": "18"})):
        answer = signed_in.post(f"/api/v1/{path}/", json.dumps(body), content_type="application/json")
        assert answer.status_code == 201, answer.content
    assert signed_in.get("/api/v1/warehouses/W-7/").json()["city"] == "Oslo"
    assert signed_in.get("/api/v1/parts/?shelf_life__gt=12").json()["results"][0]["number"] == "P-7"
    assert Warehouse.objects.get().version == Part.objects.get().version == 1


@pytest.mark.parametrize("name, field", [
    ("oracle-1.0/parts.wsdl", "shelf_life"), ("oracle-1.0/warehouses.wsdl", "opened_on"),
    ("oracle-2.0/parts.wsdl", "shelf_life"), ("oracle-2.0/warehouses.wsdl", "opened_on"),
    ("ecosys/parts.wsdl", "ShelfLife"), ("ecosys/warehouses.wsdl", "OpenedOn"),
    ("rest/openapi.json", "shelf_life"), ("rest/openapi.json", "/api/v1/warehouses/"),
])
def test_contracts_describe_them(name, field):
    assert field in documents(OPERATIONS)[name]


@pytest.mark.parametrize("address, field", [
    ("oracle-2.0/parts/", "shelf_life"), ("oracle-2.0/warehouses/", "opened_on"), ("rest/parts/", "shelf_life"),
    ("rest/warehouses/", "opened_on"), ("ecosys/parts/", "ShelfLife"), ("sap-cpq/", "has no word for them."),
])
def test_reference_pages_explain_them(client, address, field):
    assert field in client.get(f"/docs/reference/{address}").content.decode()


def test_the_admin_shows_them(signed_in):
    for kind, field in (("part", "shelf_life"), ("warehouse", "opened_on")):
        assert f'name="{field}"' in signed_in.get(f"/admin/parts/{kind}/add/").content.decode()
    assert "Warehouses" in signed_in.get("/admin/parts/").content.decode()
"""
GROWN_TESTS = [
    "webservices/tests/test_grown.py",
    "webservices/tests/test_checks.py",
    "webservices/tests/test_round_trip.py",
    "webservices/tester/compose/tests/test_skeletons.py",
    "webservices/wire/reference/tests/test_pages.py",
]
CHOSEN = "test_grown or do_not_drift or (warehouses and (reads or promises or new_key or pages))"


@pytest.mark.process
def test_a_field_and_a_resource_appear_everywhere(tmp_path):
    tree = tmp_path / "tree"
    shutil.copytree(settings.BASE_DIR, tree, ignore=LEFT_BEHIND)
    for name, anchor, addition in (*FIELD, *RESOURCE):
        add(tree / name, anchor, addition)
    publish(tree / "webservices" / "migrations")
    (tree / "webservices" / "tests" / "test_grown.py").write_text(GROWN)

    run(tree, "manage.py", "makemigrations", "parts", "--name", "grown")
    passed = run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", *GROWN_TESTS, "-k", CHOSEN)

    assert int(re.search(r"(\d+) passed", passed)[1]) > 100


def publish(migrations):
    """Write the migration that publishes the new resource over EcoSys where the database is there already."""
    last = max(path.stem for path in migrations.glob("[0-9]*.py"))
    (migrations / "9999_publish_warehouses.py").write_text(PUBLICATION.replace("LAST", last))


def add(path, anchor, addition):
    """Add words to a file: after other words, or at its end."""
    text = path.read_text()
    if anchor is None:
        path.write_text(text + addition)
        return
    assert text.count(anchor) == 1, f"{path.name}: {anchor!r}"
    path.write_text(text.replace(anchor, anchor + addition))


def run(tree, *arguments):
    """Run Python in the copy, with nothing of this run's environment that says where its data are."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [sys.executable, "-W", "ignore", *arguments]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
    return done.stdout
