"""Languages and currencies become records, which callers read and write."""

import django.contrib.postgres.search
import django.db.models.functions.datetime
import records.columns
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parts', '0009_price_ends'),
    ]

    operations = [
        migrations.AddField(
            model_name='currency',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was last changed.', verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='currency',
            name='changed_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who changed it last.', max_length=150, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='currency',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was created.', verbose_name='created'),
        ),
        migrations.AddField(
            model_name='currency',
            name='created_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who created it.', max_length=150, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='currency',
            name='vendor',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='vendor data'),
        ),
        migrations.AddField(
            model_name='currency',
            name='version',
            field=models.IntegerField(default=1, editable=False, help_text="Counts the record's changes.", verbose_name='version'),
        ),
        migrations.AddField(
            model_name='currency',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('code', 'name', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='language',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was last changed.', verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='language',
            name='changed_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who changed it last.', max_length=150, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='language',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was created.', verbose_name='created'),
        ),
        migrations.AddField(
            model_name='language',
            name='created_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who created it.', max_length=150, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='language',
            name='vendor',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='vendor data'),
        ),
        migrations.AddField(
            model_name='language',
            name='version',
            field=models.IntegerField(default=1, editable=False, help_text="Counts the record's changes.", verbose_name='version'),
        ),
        migrations.AddField(
            model_name='language',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('code', 'name', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
    ]
