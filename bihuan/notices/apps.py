from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Documents that we issue."""

    name = "bihuan.notices"
    default_auto_field = "django.db.models.BigAutoField"
