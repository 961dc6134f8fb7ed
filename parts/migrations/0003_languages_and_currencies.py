"""Languages and currencies become tables of the site, with the codes that a site begins with and those that it has."""

import django.core.validators
from django.conf import settings
from django.db import migrations, models

import records.columns
from parts.codes import CURRENCIES, LANGUAGES

LANGUAGE = django.core.validators.RegexValidator(
    "^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?(_[A-Z]{2})?$", "A language is a code such as en or pt_BR."
)
CURRENCY = django.core.validators.RegexValidator(
    "^[A-Z]{3}$", "A currency is an ISO code of three capital letters, such as USD."
)

# What refers to a code is never left without it, whoever deletes codes. Every definition of a site moves its generation.
BIND = """
INSERT INTO parts_language (code, name, active)
    SELECT DISTINCT language, language, true FROM parts_partdescription ON CONFLICT DO NOTHING;
INSERT INTO parts_currency (code, name, active, digits)
    SELECT DISTINCT currency, currency, true, 2 FROM parts_price ON CONFLICT DO NOTHING;
ALTER TABLE parts_partdescription ADD CONSTRAINT parts_partdescription_language_known
    FOREIGN KEY (language) REFERENCES parts_language (code);
ALTER TABLE parts_price ADD CONSTRAINT parts_price_currency_known
    FOREIGN KEY (currency) REFERENCES parts_currency (code);
CREATE TRIGGER parts_language_generation
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON parts_language
    FOR EACH STATEMENT EXECUTE FUNCTION records_next_generation();
CREATE TRIGGER parts_currency_generation
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON parts_currency
    FOR EACH STATEMENT EXECUTE FUNCTION records_next_generation();
UPDATE records_generation SET number = nextval('records_generation_numbers') WHERE id = 1;
"""

UNBIND = """
ALTER TABLE parts_price DROP CONSTRAINT parts_price_currency_known;
ALTER TABLE parts_partdescription DROP CONSTRAINT parts_partdescription_language_known;
"""


def find_named_codes(setting, term):
    dialects = [terms[term] for terms in settings.DIALECT_TERMS.values() if term in terms]
    return [getattr(settings, setting), *dialects]


def add_codes(apps, schema_editor):
    Language, Currency = (apps.get_model("parts", name) for name in ("Language", "Currency"))
    languages = {code: code for code in find_named_codes("DEFAULT_LANGUAGE", "language")} | LANGUAGES
    Language.objects.bulk_create(Language(code=code, name=name) for code, name in languages.items())
    currencies = {code: (name, digits) for digits, names in CURRENCIES.items() for code, name in names.items()}
    currencies = {code: (code, 2) for code in find_named_codes("DEFAULT_CURRENCY", "currency")} | currencies
    Currency.objects.bulk_create(
        Currency(code=code, name=name, digits=digits) for code, (name, digits) in currencies.items()
    )


class Migration(migrations.Migration):
    dependencies = [("parts", "0002_above_zero"), ("records", "0004_result")]

    operations = [
        migrations.AlterField(
            model_name="partdescription",
            name="language",
            field=records.columns.Text(
                db_collation="C", help_text="Such as en or pt_BR.", max_length=12,
                validators=[LANGUAGE], verbose_name="language",
            ),
        ),
        migrations.CreateModel(
            name="Currency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", records.columns.Text(db_collation="C", help_text="What people read.", max_length=100, verbose_name="name")),
                ("active", models.BooleanField(default=True, help_text="Off: records keep it, and none takes it newly.", verbose_name="active")),
                ("code", records.columns.Text(db_collation="C", help_text="Of ISO 4217, or one of the site's own: USD.", max_length=3, validators=[CURRENCY], verbose_name="code")),
                ("digits", models.PositiveSmallIntegerField(default=2, help_text="Of its minor unit: 2 for USD, 0 for JPY. Amounts are written, and totals rounded, with as many.", validators=[django.core.validators.MaxValueValidator(5)], verbose_name="digits")),
            ],
            options={
                "verbose_name_plural": "currencies",
                "ordering": ["code"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="parts_currency_code"),
                    models.CheckConstraint(condition=models.Q(("digits__lte", 5)), name="parts_currency_digits"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Language",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", records.columns.Text(db_collation="C", help_text="What people read.", max_length=100, verbose_name="name")),
                ("active", models.BooleanField(default=True, help_text="Off: records keep it, and none takes it newly.", verbose_name="active")),
                ("code", records.columns.Text(db_collation="C", help_text="Of ISO 639, alone or with a script or a country: pt_BR.", max_length=12, validators=[LANGUAGE], verbose_name="code")),
            ],
            options={
                "ordering": ["code"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("code",), name="parts_language_code")],
            },
        ),
        migrations.RunPython(add_codes, migrations.RunPython.noop),
        migrations.RunSQL(BIND, UNBIND),
    ]
