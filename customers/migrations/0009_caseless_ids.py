"""Indexes of the ids of customers elsewhere without their case, as SAP CPQ's searches compare them; made like 0007."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

WITHOUT_CASE = 'lower(%(expressions)s COLLATE "default")'


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("customers", "0008_vendor_data"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                models.Func("external_id", template=WITHOUT_CASE),
                name="customers_external_caseless",
                condition=models.Q(("external_id", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                models.Func("crm_account_id", template=WITHOUT_CASE),
                name="customers_crm_caseless",
                condition=models.Q(("crm_account_id", ""), _negated=True),
            ),
        ),
    ]
