from django.apps import AppConfig


class WebServicesConfig(AppConfig):
    name = "webservices"
    verbose_name = "Web Services"

    def ready(self) -> None:
        from webservices import checks  # noqa: F401 - registers them
