"""
Indexes of what the lists of orders are ordered and filtered by.

They are made while others go on writing. A migration that is interrupted leaves an index that is not valid, as psql's
`\\d` says: drop it, and migrate again.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('customers', '0006_list_indexes'),
        ('orders', '0003_known_currencies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='salesorder',
            index=models.Index(fields=['due_date', 'id'], name='orders_salesorder_due_id'),
        ),
        AddIndexConcurrently(
            model_name='salesorder',
            index=models.Index(fields=['changed_at', 'id'], name='orders_salesorder_changed_id'),
        ),
        RemoveIndexConcurrently(
            model_name='salesorder',
            name='orders_salesorder_due',
        ),
        RemoveIndexConcurrently(
            model_name='salesorder',
            name='orders_salesorder_changed',
        ),
    ]
