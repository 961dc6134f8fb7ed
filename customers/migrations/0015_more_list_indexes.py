"""
Indexes of what the lists of customers, contacts and customer parts are ordered and filtered by.

They are made while others go on writing. A migration that is interrupted leaves an index that is not valid, as psql's
`\\d` says: drop it, and migrate again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('customers', '0014_site_tables')]

    operations = [
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(fields=['changed_at', 'id'], name='customers_contact_changed_id'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(fields=['created_at', 'id'], name='customers_contact_created_id'),
        ),
        AddIndexConcurrently(
            model_name='customer',
            index=models.Index(fields=['created_at', 'id'], name='customers_customer_created_id'),
        ),
        AddIndexConcurrently(
            model_name='customerpart',
            index=models.Index(fields=['changed_at', 'id'], name='customers_custpart_changed_id'),
        ),
        AddIndexConcurrently(
            model_name='customerpart',
            index=models.Index(fields=['created_at', 'id'], name='customers_custpart_created_id'),
        ),
    ]
