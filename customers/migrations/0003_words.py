"""Words of contacts and customer parts, to search by."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_numbers_and_places'),
        ('parts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('number', 'first_name', 'last_name', 'email', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='customerpart',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('number', 'description', 'notes', config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='customers_contact_words'),
        ),
        migrations.AddIndex(
            model_name='customerpart',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='customers_customerpart_words'),
        ),
    ]
