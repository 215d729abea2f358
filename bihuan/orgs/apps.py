from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Units, people, posts, grants, and how an account is signed in."""

    name = "bihuan.orgs"
    default_auto_field = "django.db.models.BigAutoField"
