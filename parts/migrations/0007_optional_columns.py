"""
The optional columns of parts, and their long texts by language; stored parts have none of them.

A column with a default, or without one that may be null, is added without writing the table anew.
"""

import django.core.validators
import django.db.models.deletion
import records.columns
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parts', '0006_vendor_data'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExtendedDescription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='1 or 2: which of the texts it is.', verbose_name='number')),
                ('language', records.columns.Text(db_collation='C', help_text='Such as en or pt_BR.', max_length=12, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?(_[A-Z]{2})?$', 'A language is a code such as en or pt_BR.')], verbose_name='language')),
                ('text', records.columns.Text(db_collation='C', help_text='In that language.', max_length=4000, verbose_name='extended description')),
            ],
            options={
                'ordering': ['number', 'language'],
            },
        ),
        migrations.AddField(
            model_name='part',
            name='default_unit_of_measure',
            field=records.columns.Text(blank=True, db_collation='C', default='', help_text='A code, such as EA or KG.', max_length=10, verbose_name='default unit of measure'),
        ),
        migrations.AddField(
            model_name='part',
            name='eligible_for_service',
            field=models.BooleanField(blank=True, help_text='Whether it may be serviced.', null=True, verbose_name='eligible for service'),
        ),
        migrations.AddField(
            model_name='part',
            name='eligible_to_sell',
            field=models.BooleanField(blank=True, help_text='Whether it may be sold.', null=True, verbose_name='eligible to sell'),
        ),
        migrations.AddField(
            model_name='part',
            name='external_key_1',
            field=records.columns.Text(blank=True, db_collation='C', default='', help_text='Its id in another system; not unique.', max_length=100, verbose_name='external key 1'),
        ),
        migrations.AddField(
            model_name='part',
            name='external_key_2',
            field=records.columns.Text(blank=True, db_collation='C', default='', help_text='Its id in one more system; not unique.', max_length=100, verbose_name='external key 2'),
        ),
        migrations.AddField(
            model_name='part',
            name='partner_price_book_entry_id',
            field=records.columns.Text(blank=True, db_collation='C', default='', help_text="Its entry in a CRM's price book.", max_length=100, verbose_name='partner price book entry id'),
        ),
        migrations.AddField(
            model_name='part',
            name='self_service',
            field=models.BooleanField(blank=True, help_text='Whether customers may order it by themselves.', null=True, verbose_name='self service'),
        ),
        migrations.AddField(
            model_name='extendeddescription',
            name='part',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='extended_descriptions', to='parts.part', verbose_name='part'),
        ),
        migrations.AddConstraint(
            model_name='extendeddescription',
            constraint=models.UniqueConstraint(fields=('part', 'number', 'language'), name='parts_extendeddescription_key'),
        ),
        migrations.AddConstraint(
            model_name='extendeddescription',
            constraint=models.CheckConstraint(condition=models.Q(('number__in', (1, 2))), name='parts_extendeddescription_number'),
        ),
        migrations.AddConstraint(
            model_name='extendeddescription',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='parts_extendeddescription_not_blank'),
        ),
    ]
