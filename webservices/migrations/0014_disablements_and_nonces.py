"""The disablings of users, counted by a trigger, and the nonces that calls have brought."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import records.columns

COUNT = """
CREATE FUNCTION webservices_count_disablement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO webservices_disablement AS d (user_id, number) VALUES (NEW.id, 1)
    ON CONFLICT (user_id) DO UPDATE SET number = d.number + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER webservices_count_disablement
    AFTER UPDATE ON auth_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION webservices_count_disablement();
"""

UNCOUNT = """
DROP TRIGGER webservices_count_disablement ON auth_user;
DROP FUNCTION webservices_count_disablement();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("webservices", "0013_site_sessions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Disablement",
            fields=[
                ("user", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to=settings.AUTH_USER_MODEL, verbose_name="user")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(COUNT, UNCOUNT),
        migrations.CreateModel(
            name="UsedNonce",
            fields=[
                ("hash", records.columns.Text(db_collation="C", max_length=64, primary_key=True, serialize=False, verbose_name="hash")),
                ("call_key", records.columns.Text(blank=True, db_collation="C", default="", max_length=255, verbose_name="idempotency key")),
                ("expires_at", models.DateTimeField(verbose_name="end")),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["expires_at"], name="webservices_usednonce_end")],
            },
        ),
    ]
