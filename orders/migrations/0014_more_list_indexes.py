"""
Indexes of what the lists of orders and shipments are ordered and filtered by.

They are made while others go on writing. A migration that is interrupted leaves an index that is not valid, as psql's
`\\d` says: drop it, and migrate again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('orders', '0013_site_tables')]

    operations = [
        AddIndexConcurrently(
            model_name='salesorder',
            index=models.Index(
                models.OrderBy(models.F('due_date'), nulls_first=True),
                models.F('id'),
                name='orders_salesorder_due_first',
            ),
        ),
        AddIndexConcurrently(
            model_name='salesorder',
            index=models.Index(fields=['created_at', 'id'], name='orders_salesorder_created_id'),
        ),
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(fields=['created_at', 'id'], name='orders_shipment_created_id'),
        ),
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(fields=['ship_date', 'id'], name='orders_shipment_day_id'),
        ),
        RemoveIndexConcurrently(
            model_name='salesorder',
            name='orders_salesorder_due_id',
        ),
    ]
