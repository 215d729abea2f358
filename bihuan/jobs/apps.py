from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work to be done later."""

    name = "bihuan.jobs"
    default_auto_field = "django.db.models.BigAutoField"
