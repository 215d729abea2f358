from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Finding by words."""

    name = "bihuan.search"
    default_auto_field = "django.db.models.BigAutoField"
