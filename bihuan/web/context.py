"""What every template is given beside its own context: the frame, the language, the navigation."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bihuan.web import edge
from bihuan.web.navigation import navigation


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return `frame`, `lang` (for the html element) and `navigation` (made only when a template shows it)."""
    shown = edge.frame_of(request)
    return {
        "frame": shown,
        "lang": edge.language(),
        "navigation": SimpleLazyObject(lambda: navigation(request, shown, at=getattr(request, "nav_at", ""))),
    }
