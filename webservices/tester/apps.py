from django.apps import AppConfig


class TesterConfig(AppConfig):
    name = "webservices.tester"
    verbose_name = "Web Services Test"
