"""API keys."""

import django.contrib.postgres.fields
import django.db.models.deletion
import records.columns
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('webservices', '0002_session'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', records.columns.Text(db_collation='C', help_text='What uses it, such as ERP, nightly.', max_length=80, verbose_name='name')),
                ('description', records.columns.Text(blank=True, db_collation='C', max_length=400, verbose_name='description')),
                ('prefix', records.columns.Text(db_collation='C', editable=False, max_length=20, verbose_name='prefix')),
                ('hash', records.columns.Text(db_collation='C', editable=False, max_length=255, verbose_name='hash')),
                ('operations', django.contrib.postgres.fields.ArrayField(base_field=records.columns.Text(db_collation='C', max_length=80), default=list, size=None, verbose_name='operations')),
                ('expires_at', models.DateTimeField(blank=True, help_text='In UTC; blank: never.', null=True, verbose_name='expires')),
                ('used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created')),
                ('created_by', records.columns.Text(db_collation='C', editable=False, max_length=150, verbose_name='created by')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='revoked')),
                ('revoked_by', records.columns.Text(blank=True, db_collation='C', default='', editable=False, max_length=150, verbose_name='revoked by')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('user', models.ForeignKey(help_text='It may do what this user may do, as far as it lists the operation.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='acts as')),
            ],
            options={
                'verbose_name': 'API key',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('prefix',), name='webservices_apikey_prefix'), models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('name',), name='webservices_apikey_name', violation_error_message='A key of this name is in use.')],
            },
        ),
    ]
