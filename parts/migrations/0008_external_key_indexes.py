"""
Indexes of the external keys of parts.

They are made while others go on writing. A migration that is interrupted leaves an index that is not valid, as psql's
`\\d` says: drop it, and migrate again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("parts", "0007_optional_columns"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="part",
            index=models.Index(
                condition=models.Q(("external_key_1", ""), _negated=True),
                fields=["external_key_1"],
                name="parts_part_external_1",
            ),
        ),
        AddIndexConcurrently(
            model_name="part",
            index=models.Index(
                condition=models.Q(("external_key_2", ""), _negated=True),
                fields=["external_key_2"],
                name="parts_part_external_2",
            ),
        ),
    ]
