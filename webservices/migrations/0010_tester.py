"""The models of the test page have moved to `webservices.tester`: their tables stay."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("webservices", "0009_request_headers"),
        ("tester", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="RunResult"),
                migrations.DeleteModel(name="Run"),
                migrations.DeleteModel(name="KeptCall"),
                migrations.DeleteModel(name="Collection"),
            ],
        ),
    ]
