from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The sealed record of everything that was done."""

    name = "bihuan.audit"
    default_auto_field = "django.db.models.BigAutoField"
