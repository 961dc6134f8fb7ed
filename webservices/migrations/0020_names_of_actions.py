"""API keys list the actions on users and languages by the names that they have now: the old ones are records'."""

from django.db import migrations

RENAMED = {"users.show": "user_accounts.show", "languages.show": "text_languages.show"}


def rename(renamed):
    return "; ".join(
        f"UPDATE webservices_apikey SET operations = array_replace(operations, '{old}', '{new}')"
        for old, new in renamed.items()
    )


class Migration(migrations.Migration):
    dependencies = [("webservices", "0019_access_tokens")]

    operations = [migrations.RunSQL(rename(RENAMED), rename({new: old for old, new in RENAMED.items()}))]
