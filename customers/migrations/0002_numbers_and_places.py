"""The sequences that numbers are drawn from, and the tables that addresses name: countries and states of ISO 3166."""

import pycountry
from django.db import migrations

TYPES = ("Bill To", "Ship To", "End User")


def add_places(apps, schema_editor):
    Country = apps.get_model("customers", "Country")
    State = apps.get_model("customers", "State")
    Country.objects.bulk_create(
        Country(code=country.alpha_3, code2=country.alpha_2, name=country.name) for country in pycountry.countries
    )
    ids = dict(Country.objects.values_list("code2", "id"))
    State.objects.bulk_create(
        State(country_id=ids[state.country_code], code=state.code.partition("-")[2], name=state.name)
        for state in pycountry.subdivisions
        if len(state.code.partition("-")[2]) == 2 and state.code.partition("-")[2].isalpha()
    )
    apps.get_model("customers", "CustomerType").objects.bulk_create(
        apps.get_model("customers", "CustomerType")(name=name) for name in TYPES
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE customers_customer_numbers START 10000; CREATE SEQUENCE customers_contact_numbers START 10000",
            "DROP SEQUENCE customers_customer_numbers; DROP SEQUENCE customers_contact_numbers",
        ),
        migrations.RunPython(add_places, migrations.RunPython.noop),
    ]
