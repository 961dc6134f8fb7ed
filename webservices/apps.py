from django.apps import AppConfig


class WebServicesConfig(AppConfig):
    name = "webservices"
    verbose_name = "Web Services"
