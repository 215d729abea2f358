"""Making the application ready before the first request: everything is loaded, and what stays for good is set aside.

The collector would walk the whole program again and again for what a request leaves behind: a tenth of a second each
time, a third of the registration of 1,000 rows.
"""

import gc
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

#: New objects before the youngest are looked at; rounds before the older ones are.
YOUNG, MIDDLE, OLD = 50_000, 10, 20


def ready_application() -> Callable[..., Any]:
    """Return the application with every address loaded. Call it before worker processes are forked."""
    application = get_wsgi_application()
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    return application
