"""Access tokens, and the trigger that ends those of a user who is disabled or, without a key, whose password changes."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import records.columns

# Who gives a token locks the user's row first, so that none is given beside this (webservices.access.access_tokens).
END = """
CREATE FUNCTION webservices_end_access_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM webservices_accesstoken WHERE user_id = NEW.id AND (key_id IS NULL OR NOT NEW.is_active);
    RETURN NULL;
END $$;
CREATE TRIGGER webservices_end_access_tokens
    AFTER UPDATE ON auth_user
    FOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password OR NOT NEW.is_active)
    EXECUTE FUNCTION webservices_end_access_tokens();
"""

UNEND = """
DROP TRIGGER webservices_end_access_tokens ON auth_user;
DROP FUNCTION webservices_end_access_tokens();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("webservices", "0018_system_ids"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", records.columns.Text(db_collation="C", max_length=64, verbose_name="hash")),
                ("scope", django.contrib.postgres.fields.ArrayField(base_field=records.columns.Text(db_collation="C", max_length=200), blank=True, null=True, size=None, verbose_name="scope")),
                ("created_at", models.DateTimeField(verbose_name="given")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("key", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="webservices.apikey", verbose_name="API key")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="acts as")),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": ("view", "delete"),
                "indexes": [models.Index(fields=["expires_at"], name="webservices_accesstoken_end")],
                "constraints": [models.UniqueConstraint(fields=("hash",), name="webservices_accesstoken_hash")],
            },
        ),
        migrations.RunSQL(END, UNEND),
    ]
