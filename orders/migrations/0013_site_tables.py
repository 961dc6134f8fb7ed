"""Statuses of orders become records; their steps, which were a relation, become rows of them."""

import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import records.columns
from django.db import migrations, models

DROP_UNNAMED_CONSTRAINT = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT conname FROM pg_constraint
        WHERE conrelid = 'orders_orderstatus_next'::regclass AND contype = 'u'
    LOOP
        EXECUTE format('ALTER TABLE orders_orderstatus_next DROP CONSTRAINT %I', name);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0012_expandable_fields'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderstatus',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was last changed.', verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='orderstatus',
            name='changed_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who changed it last.', max_length=150, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='orderstatus',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was created.', verbose_name='created'),
        ),
        migrations.AddField(
            model_name='orderstatus',
            name='created_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who created it.', max_length=150, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='orderstatus',
            name='vendor',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='vendor data'),
        ),
        migrations.AddField(
            model_name='orderstatus',
            name='version',
            field=models.IntegerField(default=1, editable=False, help_text="Counts the record's changes.", verbose_name='version'),
        ),
        migrations.AddField(
            model_name='orderstatus',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('name', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        # The table of the relation is there, with its columns; its constraint gets a name that can be told.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='NextStatus',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('before', models.ForeignKey(db_column='from_orderstatus_id', on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='orders.orderstatus', verbose_name='before')),
                        ('status', models.ForeignKey(db_column='to_orderstatus_id', help_text='By its name.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.orderstatus', verbose_name='status')),
                    ],
                    options={
                        'verbose_name': 'next status',
                        'verbose_name_plural': 'next statuses',
                        'db_table': 'orders_orderstatus_next',
                    },
                ),
                migrations.AlterField(
                    model_name='orderstatus',
                    name='next',
                    field=models.ManyToManyField(blank=True, help_text='It may become.', related_name='previous', through='orders.NextStatus', through_fields=('before', 'status'), to='orders.orderstatus', verbose_name='next'),
                ),
            ],
        ),
        migrations.RunSQL(DROP_UNNAMED_CONSTRAINT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='nextstatus',
            constraint=models.UniqueConstraint(fields=('before', 'status'), name='orders_nextstatus_step'),
        ),
    ]
