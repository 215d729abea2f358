from django.apps import AppConfig


class InsightConfig(AppConfig):
    """What a person sees first."""

    name = "bihuan.insight"
    default_auto_field = "django.db.models.BigAutoField"
