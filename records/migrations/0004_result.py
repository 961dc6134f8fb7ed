"""`Change.became` is called `result`; its column keeps its name."""

from django.db import migrations

import records.columns


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_forms_and_keys"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="became",
            field=records.columns.Text(db_collation="C", db_column="became", max_length=20, verbose_name="result"),
        ),
        migrations.RenameField(model_name="change", old_name="became", new_name="result"),
    ]
