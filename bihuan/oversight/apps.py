from importlib import import_module

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Dispatch, meetings, slips and letters, rounds of supervision."""

    name = "bihuan.oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add to the pages of the register what oversight has to say there."""
        import_module("bihuan.oversight.views.beside").contribute_all()
