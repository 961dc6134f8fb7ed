"""
The APIs that a site publishes, those that it publishes at first, and triggers that move the generation with them.

Whoever deletes one of the first keeps it deleted: this runs once.
"""

import django.core.validators
import django.db.models.deletion
import records.columns
from django.db import migrations, models


AT_FIRST = {
    "Part": ("parts", {"PartID": "number"}),
    "Customer": ("customers", {"CustomerID": "number"}),
    "Contact": ("contacts", {"ContactID": "number"}),
    "CustomerPart": ("customer_parts", {"CustomerID": "customer", "PartID": "part", "CustomerPartID": "number"}),
    "SalesOrder": ("sales_orders", {"OrderID": "number"}),
}  # name: (resource, {id of a parameter: its field})

TABLES = ("publishedapi", "publishedcolumn", "publishedcriterion", "publishedparameter")

COUNT = "".join(
    f"""
CREATE TRIGGER webservices_{table}_generation
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON webservices_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION records_next_generation();
"""
    for table in TABLES
)
UNCOUNT = "".join(f"DROP TRIGGER webservices_{table}_generation ON webservices_{table};\n" for table in TABLES)


def publish(apps, schema_editor):
    api, parameter = (apps.get_model("webservices", f"Published{name}") for name in ("Api", "Parameter"))
    for name, (resource, parameters) in AT_FIRST.items():
        made = api.objects.create(name=name, resource=resource)
        for position, (named, field) in enumerate(parameters.items()):
            parameter.objects.create(api=made, position=position, name=named, field=field)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0002_generation'),
        ('webservices', '0004_batch_jobs'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedApi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', records.columns.Text(db_collation='C', help_text='It is part of the address, and of every element.', max_length=80, validators=[django.core.validators.RegexValidator('\\A[A-Za-z](?:[A-Za-z0-9_-]|\\.(?!\\.))*\\Z', 'A name begins with a letter, and holds letters, digits, - _ and single dots.')], verbose_name='name')),
                ('resource', records.columns.Text(db_collation='C', help_text='The kind of record that its objects are.', max_length=40, verbose_name='record')),
                ('may_read', models.BooleanField(default=True, verbose_name='may read')),
                ('may_update', models.BooleanField(default=True, verbose_name='may update')),
                ('may_insert', models.BooleanField(default=True, verbose_name='may insert')),
                ('may_delete', models.BooleanField(default=True, verbose_name='may delete')),
            ],
            options={
                'verbose_name': 'published API',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('name',), name='webservices_publishedapi_name', violation_error_message='An API of this name is published.'), models.CheckConstraint(condition=models.Q(('name__regex', '^[A-Za-z](?:[A-Za-z0-9_-]|\\.(?!\\.))*$')), name='webservices_publishedapi_is_name')],
            },
        ),
        migrations.CreateModel(
            name='PublishedCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', records.columns.Text(db_collation='C', help_text='As the hub calls it; an entry of a map as `price.USD`.', max_length=120, verbose_name='field')),
                ('comparator', records.columns.Text(db_collation='C', default='=', max_length=10, verbose_name='comparator')),
                ('value', records.columns.Text(blank=True, db_collation='C', help_text='Blank: has no value. IN: several, with commas.', max_length=400, verbose_name='value')),
                ('api', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='filter', to='webservices.publishedapi')),
            ],
            options={
                'verbose_name': 'criterion',
                'verbose_name_plural': 'criteria',
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PublishedColumn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField(default=0, verbose_name='position')),
                ('field', records.columns.Text(db_collation='C', help_text='As the hub calls it; an entry of a map as `price.USD`.', max_length=120, verbose_name='field')),
                ('name', records.columns.Text(blank=True, db_collation='C', help_text='Its name on the wire.', max_length=80, validators=[django.core.validators.RegexValidator('\\A[A-Za-z][A-Za-z0-9_-]*\\Z', 'Letters, digits, - and _, beginning with a letter.')], verbose_name='id')),
                ('read_only', models.BooleanField(default=False, verbose_name='read-only')),
                ('api', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='columns', to='webservices.publishedapi')),
            ],
            options={
                'verbose_name': 'column',
                'ordering': ['position', 'id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('api', 'name'), name='webservices_publishedcolumn_name', violation_error_message='Another column of this API has this id.'), models.CheckConstraint(condition=models.Q(('name__regex', '^[A-Za-z][A-Za-z0-9_-]*$')), name='webservices_publishedcolumn_is_id')],
            },
        ),
        migrations.CreateModel(
            name='PublishedParameter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField(default=0, verbose_name='position')),
                ('field', records.columns.Text(db_collation='C', help_text='As the hub calls it; an entry of a map as `price.USD`.', max_length=120, verbose_name='field')),
                ('name', records.columns.Text(blank=True, db_collation='C', help_text='Its name on the wire.', max_length=80, validators=[django.core.validators.RegexValidator('\\A[A-Za-z][A-Za-z0-9_-]*\\Z', 'Letters, digits, - and _, beginning with a letter.')], verbose_name='id')),
                ('comparator', records.columns.Text(db_collation='C', default='=', max_length=10, verbose_name='comparator')),
                ('required', models.BooleanField(default=False, verbose_name='required')),
                ('api', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parameters', to='webservices.publishedapi')),
            ],
            options={
                'verbose_name': 'parameter',
                'ordering': ['position', 'id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('api', 'name'), name='webservices_publishedparameter_name', violation_error_message='Another parameter of this API has this id.'), models.CheckConstraint(condition=models.Q(('name__regex', '^[A-Za-z][A-Za-z0-9_-]*$')), name='webservices_publishedparameter_is_id')],
            },
        ),
        migrations.RunSQL(COUNT, UNCOUNT),
        migrations.RunPython(publish, migrations.RunPython.noop),
    ]
