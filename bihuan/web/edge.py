"""What comes with a request, read once: request ─AccountMiddleware→ moment, frame, actor ─these doors→ views.

`web` lies below `orgs` and `audit`, so it cannot name their types: AccountMiddleware (orgs) lays the values
on the request, and the doors here hand them on.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest
from django.utils import timezone, translation

LANGUAGE_COOKIE = "bihuan_language"
LARGE_COOKIE = "bihuan_large"
NOTHING_WAITS: MappingProxyType[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame of a page shows about the person: empty for somebody who is not signed in.

    `waiting` counts, by the name of a navigation address, the things that wait for this person.
    """

    person: str = ""
    post: str = ""
    organisation: str = ""
    roles: frozenset[str] = frozenset()
    large: bool = False
    waiting: MappingProxyType[str, int] = field(default_factory=lambda: NOTHING_WAITS)


NOBODY = Frame()


def now(request: HttpRequest) -> datetime:
    """Return the moment of the request (aware), the same however often it is asked."""
    moment = getattr(request, "moment", None)
    if moment is None:
        moment = timezone.now()
        request.moment = moment  # type: ignore[attr-defined]
    return moment


def today(request: HttpRequest) -> date:
    """Return the local day of the request."""
    return timezone.localdate(now(request))


def actor_of(request: HttpRequest) -> Any:
    """Return who acts and when, for every action: an `audit.actor.Actor`.

    :raises AttributeError: when nobody is signed in; such a view calls no action in a person's name.
    """
    return request.actor  # type: ignore[attr-defined]


def sight_of(request: HttpRequest) -> Any:
    """Return what the person sees, as `orgs` laid it: contexts below it know only the predicates that it gives.

    :raises KeyError: where nobody was asked who it is.
    """
    return vars(request)["sight"]


def frame_of(request: HttpRequest) -> Frame:
    """Return what the frame shows about the person."""
    return getattr(request, "frame", NOBODY)


def language() -> str:
    """Return the language of the page as the catalogues name it: zh-Hans or en."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh-Hans"
