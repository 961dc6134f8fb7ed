"""
Indexes of what the lists of parts are ordered and filtered by.

They are made while others go on writing. A migration that is interrupted leaves an index that is not valid, as psql's
`\\d` says: drop it, and migrate again.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('parts', '0003_languages_and_currencies'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='part',
            index=models.Index(fields=['changed_at', 'id'], name='parts_part_changed_id'),
        ),
        AddIndexConcurrently(
            model_name='part',
            index=models.Index(condition=models.Q(('active', False)), fields=['number'], name='parts_part_inactive'),
        ),
        AddIndexConcurrently(
            model_name='part',
            index=models.Index(condition=models.Q(('display_number', ''), _negated=True), fields=['display_number'], name='parts_part_display'),
        ),
        AddIndexConcurrently(
            model_name='part',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('company_associations', []), _negated=True), fields=['company_associations'], name='parts_part_companies'),
        ),
        RemoveIndexConcurrently(
            model_name='part',
            name='parts_part_changed',
        ),
    ]
