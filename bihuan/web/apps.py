from django.apps import AppConfig


class WebConfig(AppConfig):
    """The frame of every page: templates, components, static files, words."""

    name = "bihuan.web"
