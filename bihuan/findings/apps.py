from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """The register."""

    name = "bihuan.findings"
    default_auto_field = "django.db.models.BigAutoField"
