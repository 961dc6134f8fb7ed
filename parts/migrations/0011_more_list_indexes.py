"""
Indexes of what the lists of parts are ordered and filtered by.

They are made while others go on writing. A migration that is interrupted leaves an index that is not valid, as psql's
`\\d` says: drop it, and migrate again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('parts', '0010_site_tables')]

    operations = [
        AddIndexConcurrently(
            model_name='part',
            index=models.Index(fields=['created_at', 'id'], name='parts_part_created_id'),
        ),
    ]
