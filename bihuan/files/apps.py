from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Bytes by hash."""

    name = "bihuan.files"
    default_auto_field = "django.db.models.BigAutoField"
