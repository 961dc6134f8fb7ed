"""Territories, types, countries, states and portals become records, which callers read and write."""

import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import records.columns
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0013_addresses'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='country',
            name='customers_country_code2',
        ),
        migrations.AddField(
            model_name='country',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was last changed.', verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='country',
            name='changed_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who changed it last.', max_length=150, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='country',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was created.', verbose_name='created'),
        ),
        migrations.AddField(
            model_name='country',
            name='created_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who created it.', max_length=150, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='country',
            name='vendor',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='vendor data'),
        ),
        migrations.AddField(
            model_name='country',
            name='version',
            field=models.IntegerField(default=1, editable=False, help_text="Counts the record's changes.", verbose_name='version'),
        ),
        migrations.AddField(
            model_name='country',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('code', 'code2', 'name', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='customertype',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was last changed.', verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='customertype',
            name='changed_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who changed it last.', max_length=150, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='customertype',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was created.', verbose_name='created'),
        ),
        migrations.AddField(
            model_name='customertype',
            name='created_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who created it.', max_length=150, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='customertype',
            name='vendor',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='vendor data'),
        ),
        migrations.AddField(
            model_name='customertype',
            name='version',
            field=models.IntegerField(default=1, editable=False, help_text="Counts the record's changes.", verbose_name='version'),
        ),
        migrations.AddField(
            model_name='customertype',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('name', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='portal',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was last changed.', verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='portal',
            name='changed_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who changed it last.', max_length=150, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='portal',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was created.', verbose_name='created'),
        ),
        migrations.AddField(
            model_name='portal',
            name='created_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who created it.', max_length=150, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='portal',
            name='vendor',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='vendor data'),
        ),
        migrations.AddField(
            model_name='portal',
            name='version',
            field=models.IntegerField(default=1, editable=False, help_text="Counts the record's changes.", verbose_name='version'),
        ),
        migrations.AddField(
            model_name='portal',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('name', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='state',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was last changed.', verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='state',
            name='changed_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who changed it last.', max_length=150, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='state',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was created.', verbose_name='created'),
        ),
        migrations.AddField(
            model_name='state',
            name='created_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who created it.', max_length=150, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='state',
            name='vendor',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='vendor data'),
        ),
        migrations.AddField(
            model_name='state',
            name='version',
            field=models.IntegerField(default=1, editable=False, help_text="Counts the record's changes.", verbose_name='version'),
        ),
        migrations.AddField(
            model_name='state',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('code', 'name', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='territory',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was last changed.', verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='territory',
            name='changed_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who changed it last.', max_length=150, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='territory',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When it was created.', verbose_name='created'),
        ),
        migrations.AddField(
            model_name='territory',
            name='created_by',
            field=records.columns.Text(db_collation='C', default='', editable=False, help_text='Who created it.', max_length=150, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='territory',
            name='vendor',
            field=models.JSONField(db_default={}, default=dict, editable=False, verbose_name='vendor data'),
        ),
        migrations.AddField(
            model_name='territory',
            name='version',
            field=models.IntegerField(default=1, editable=False, help_text="Counts the record's changes.", verbose_name='version'),
        ),
        migrations.AddField(
            model_name='territory',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('name', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AlterField(
            model_name='country',
            name='code2',
            field=records.columns.Text(blank=True, db_collation='C', default='', help_text='Two letters (ISO).', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$')], verbose_name='short code'),
        ),
        migrations.AlterField(
            model_name='portal',
            name='active',
            field=models.BooleanField(default=True, help_text='Nobody signs in to an inactive portal.', verbose_name='active'),
        ),
        migrations.AlterField(
            model_name='state',
            name='country',
            field=models.ForeignKey(db_index=False, help_text='By its ISO code.', on_delete=django.db.models.deletion.PROTECT, related_name='states', to='customers.country', verbose_name='country'),
        ),
        migrations.AddConstraint(
            model_name='country',
            constraint=models.UniqueConstraint(condition=models.Q(('code2', ''), _negated=True), fields=('code2',), name='customers_country_code2'),
        ),
    ]
