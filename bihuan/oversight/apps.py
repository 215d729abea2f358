from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Dispatch, meetings, slips and letters, rounds of supervision."""

    name = "bihuan.oversight"
    default_auto_field = "django.db.models.BigAutoField"
