from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        from records import (
            checks,  # noqa: F401 - registers them
            timeouts,
        )

        connection_created.connect(timeouts.set_first_limits)
        pre_migrate.connect(timeouts.switch_to_migration)
