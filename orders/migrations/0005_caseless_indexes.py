"""
Indexes of texts without their case, as CRM-service's searches compare them.

They are made while others go on writing. A migration that is interrupted leaves an index that is not valid, as psql's
`\\d` says: drop it, and migrate again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

WITHOUT_CASE = 'lower(%(expressions)s COLLATE "default")'


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0004_list_indexes"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="salesorder",
            index=models.Index(
                models.Func("number", template=WITHOUT_CASE),
                name="orders_salesorder_caseless",
                condition=models.Q(("number", ""), _negated=True),
            ),
        ),
    ]
