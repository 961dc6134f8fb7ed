"""
Indexes of the ProductSystemId that SAP CPQ keeps beside a part, as materials are found by it: as it is, and without case.

They belong to the wire, not to the part: no app of the domain names a vendor. They hold only the parts that have one, are
made while others go on writing, and one that is not valid after an interruption is dropped and made again.
"""

from django.db import migrations

SYSTEM_ID = "((vendor->'sap-cpq'->>'ProductSystemId') COLLATE \"C\")"
INDEXES = {
    "parts_part_system_id": SYSTEM_ID,
    "parts_part_system_id_caseless": f'lower({SYSTEM_ID} COLLATE "default")',
}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("webservices", "0017_events"),
        ("parts", "0006_vendor_data"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY {name} ON parts_part (({expression})) WHERE {SYSTEM_ID} <> ''",
            f"DROP INDEX IF EXISTS {name}",
        )
        for name, expression in INDEXES.items()
    ]
