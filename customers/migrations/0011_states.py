"""All states of ISO 3166-2: those whose codes are not two letters come to the ones that there are."""

import pycountry
from django.core.validators import RegexValidator
from django.db import migrations

import records.columns

CODE = RegexValidator(r"^[A-Z0-9]{1,3}$", "A state is a code of ISO 3166-2 without its country: OH, NSW, 91.")
HELP = "A code of ISO 3166-2 without its country, such as OH, NSW or 91."


def add_states(apps, schema_editor):
    # Those of two letters are there, as far as an admin has not deleted them.
    State = apps.get_model("customers", "State")
    ids = dict(apps.get_model("customers", "Country").objects.values_list("code2", "id"))
    codes = ((state, state.code.partition("-")[2]) for state in pycountry.subdivisions)
    State.objects.bulk_create(
        (
            State(country_id=ids[state.country_code], code=code, name=state.name)
            for state, code in codes
            if state.country_code in ids and not (len(code) == 2 and code.isalpha())
        ),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_contact_codes")]

    operations = [
        migrations.AlterField(
            "state",
            "code",
            records.columns.Text(
                "code", max_length=3, validators=[CODE], help_text=HELP, db_collation="C"
            ),
        ),
        migrations.AlterField(
            "customer",
            "state",
            records.columns.Text(
                "state", max_length=3, blank=True, default="", validators=[CODE], help_text=HELP, db_collation="C"
            ),
        ),
        migrations.RunPython(add_states, migrations.RunPython.noop),
    ]
