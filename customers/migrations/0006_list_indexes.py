"""
Indexes of what the lists of customers, contacts and customer parts are ordered and filtered by.

They are made while others go on writing. A migration that is interrupted leaves an index that is not valid, as psql's
`\\d` says: drop it, and migrate again.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('customers', '0005_known_currencies'),
        ('parts', '0004_list_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(condition=models.Q(('active', False)), fields=['number'], name='customers_contact_inactive'),
        ),
        AddIndexConcurrently(
            model_name='customer',
            index=models.Index(fields=['changed_at', 'id'], name='customers_customer_changed_id'),
        ),
        AddIndexConcurrently(
            model_name='customer',
            index=models.Index(condition=models.Q(('active', False)), fields=['number'], name='customers_customer_inactive'),
        ),
        AddIndexConcurrently(
            model_name='customerpart',
            index=models.Index(condition=models.Q(('active', False)), fields=['customer', 'part', 'number'], name='customers_custpart_inactive'),
        ),
        RemoveIndexConcurrently(
            model_name='customer',
            name='customers_customer_changed',
        ),
    ]
