"""Sessions, and the trigger that ends those of a user whose password changes or who is disabled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import records.columns

# A login locks the user's row before it opens a session, so that none is opened beside this (webservices.sessions).
END = """
CREATE FUNCTION webservices_end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM webservices_session WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER webservices_end_sessions
    AFTER UPDATE ON auth_user
    FOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password OR NOT NEW.is_active)
    EXECUTE FUNCTION webservices_end_sessions();
"""

UNEND = """
DROP TRIGGER webservices_end_sessions ON auth_user;
DROP FUNCTION webservices_end_sessions();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("webservices", "0001_exchange"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", records.columns.Text(db_collation="C", max_length=64, verbose_name="hash")),
                ("currency", records.columns.Text(blank=True, db_collation="C", default="", max_length=3, verbose_name="currency")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("used_at", models.DateTimeField(verbose_name="last used")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="user")),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": (),
                "permissions": [
                    ("open_session", "Can open a session"),
                    ("close_session", "Can close a session"),
                    ("set_currency_of_session", "Can set the currency of a session"),
                    ("view_own_user", "Can see who is signed in to a session"),
                ],
                "indexes": [models.Index(fields=["used_at"], name="webservices_session_used")],
                "constraints": [models.UniqueConstraint(fields=("hash",), name="webservices_session_hash")],
            },
        ),
        migrations.RunSQL(END, UNEND),
    ]
