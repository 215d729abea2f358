from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Official documents as received."""

    name = "bihuan.documents"
    default_auto_field = "django.db.models.BigAutoField"
