"""Sessions of the admin site with their users, and the trigger that ends those of a user who is disabled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Also when a user is enabled: a sign-in that was under way while he was disabled may have left a session.
END = """
CREATE FUNCTION webservices_end_site_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM webservices_sitesession WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER webservices_end_site_sessions
    AFTER UPDATE ON auth_user
    FOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password OR OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION webservices_end_site_sessions();
"""

UNEND = """
DROP TRIGGER webservices_end_site_sessions ON auth_user;
DROP FUNCTION webservices_end_site_sessions();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sessions", "0001_initial"),
        ("webservices", "0012_exchange_encoding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteSession",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("user", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="user")),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(END, UNEND),
        # Django's own are taken by nobody from now on, and would lie there for ever.
        migrations.RunSQL("DELETE FROM django_session", migrations.RunSQL.noop),
    ]
