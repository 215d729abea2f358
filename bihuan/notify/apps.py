from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Word of what waits: inside, by e-mail, by robots."""

    name = "bihuan.notify"
    default_auto_field = "django.db.models.BigAutoField"
