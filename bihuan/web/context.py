"""What every template is given beside its own context: the frame, the language, the navigation."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bihuan import __version__
from bihuan.web import edge
from bihuan.web.navigation import navigation


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return `frame`, `lang` (of the html element), `version`, and `navigation`, made only when it is shown."""
    shown = edge.frame_of(request)
    return {
        "frame": shown,
        "lang": edge.language(),
        "version": __version__,
        "navigation": SimpleLazyObject(lambda: navigation(request, shown, at=getattr(request, "nav_at", ""))),
    }
