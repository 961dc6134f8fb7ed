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
        ("customers", "0006_list_indexes"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                models.Func("number", template=WITHOUT_CASE),
                name="customers_customer_caseless",
                condition=models.Q(("number", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                models.Func("company", template=WITHOUT_CASE),
                name="customers_company_caseless",
                condition=models.Q(("company", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                models.Func("last_name", template=WITHOUT_CASE),
                name="customers_last_name_caseless",
                condition=models.Q(("last_name", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(
                models.Func("last_name", template=WITHOUT_CASE),
                name="customers_contact_caseless",
                condition=models.Q(("last_name", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(
                models.Func("email", template=WITHOUT_CASE),
                name="customers_contact_mail",
                condition=models.Q(("email", ""), _negated=True),
            ),
        ),
    ]
