from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST for everything that the page can do."""

    name = "bihuan.api"
