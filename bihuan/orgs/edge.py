"""Who a request comes from, made into values: account + moment → Frame for the page, Actor for the record."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from bihuan.audit.actor import Actor
from bihuan.orgs.models import Grant, Post, User
from bihuan.orgs.queries import Sight, held_grants, running, sight
from bihuan.web.edge import Frame
from bihuan.web.prepared import Question

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

DEVICES = MappingProxyType(
    {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
)
SYSTEMS = MappingProxyType(
    {
        "Windows": "Windows",
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Mac OS": "macOS",
        "Linux": "Linux",
    }
)

#: The words of the directory on the screen; the code words are ours.
KIND_WORDS: "Mapping[str, StrPromise]" = MappingProxyType(
    {"organisation": _("单位"), "department": _("部门"), "enterprise": _("企业"), "superior": _("上级机关")}
)
ROLE_WORDS: "Mapping[str, StrPromise]" = MappingProxyType(
    {
        "office": _("整改办"),
        "reader": _("查阅"),
        "liaison": _("联络员"),
        "unit_head": _("责任单位负责人"),
        "leader": _("牵头领导"),
        "supervision": _("督查办"),
        "leading_group": _("领导小组"),
        "superior": _("上级机关"),
        "enterprise": _("企业填报人"),
        "system_admin": _("系统管理员"),
        "security_admin": _("安全管理员"),
        "audit_admin": _("审计管理员"),
    }
)
LANGUAGE_WORDS: Mapping[str, str] = MappingProxyType({"zh-Hans": "简体中文", "en": "English"})


def person_actor(user: User, at: datetime, *, token_id: int | None = None) -> Actor:
    """Return the person as actor; with `token_id` it acts through the API."""
    hand = f"token:{token_id}/" if token_id is not None else ""
    return Actor(user_id=user.pk, label=f"{hand}person:{user.pk}", at=at, zone=settings.TIME_ZONE)


def _held(user_id: int, today: date) -> QuerySet[Grant]:
    """Ask for the grants in force with their posts and units, and what waits for the person beside."""
    waiting = {
        f"waiting_{n}": import_string(count)(user_id, today)
        for n, count in enumerate(settings.BIHUAN_WAITING.values())
    }
    rows = held_grants(user_id, today).select_related("post__unit", "unit").annotate(**waiting)
    return rows.order_by("starts_on", "pk")


HELD = Question(_held)


def frame(user: User, today: date) -> tuple[Frame, Sight]:
    """Return what the frame shows about a person, and the person's sight. One query, two without a grant.

    What waits for the person is counted in the same query, by the functions that BIHUAN_WAITING names, and by those
    of BIHUAN_WAITING_BY_ROLE: these ask one query more of whoever has a role for which something can wait. To ask for
    every role in one statement takes PostgreSQL twenty milliseconds of planning.
    """
    grants = HELD.rows(user.pk, today)
    roles = frozenset(grant.role for grant in grants)
    own = [grant for grant in grants if grant.post.person_id == user.pk]
    first = own[0] if own else None
    post = first.post if first else _post(user, today)
    shown = Frame(
        person=user.name,
        post=_post_words(post, first),
        organisation=(first.unit.short_name or first.unit.name) if first else "",
        roles=roles,
        large=user.large_type,
        waiting=MappingProxyType(_waiting(grants[0], user.pk, today, roles) if grants else {}),
    )
    return shown, Sight(user_id=user.pk, today=today, roles=roles)


def _waiting(held: Grant, user_id: int, today: date, roles: frozenset[str]) -> dict[str, int]:
    beside = {name: getattr(held, f"waiting_{n}") or 0 for n, name in enumerate(settings.BIHUAN_WAITING)}
    by_role = settings.BIHUAN_WAITING_BY_ROLE.items()
    return beside | {name: import_string(count)(user_id, today, roles) for name, count in by_role}


def sight_of(request: HttpRequest) -> Sight:
    """Return what the person of the request sees; nothing when nobody is signed in. No query."""
    found: Sight | None = getattr(request, "sight", None)
    return found if found is not None else sight(None, date.min)


def user_of(request: HttpRequest) -> User:
    """Return the account that is signed in.

    :raises TypeError: when nobody is; the view was let through without signing in.
    """
    if not isinstance(request.user, User):
        raise TypeError("nobody is signed in")
    return request.user


def device(request: HttpRequest) -> str:
    """Return browser and system in words, as far as they are told."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for sign, name in DEVICES.items() if sign in agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return " ".join(part for part in (browser, system) if part)


def _post_words(post: Post | None, grant: Grant | None) -> str:
    """Return the department of the post; for a post in the organisation itself the word of the role."""
    if post is None:
        return ""
    if grant is not None and grant.unit_id == post.unit_id:
        return str(ROLE_WORDS.get(grant.role, ""))
    return post.unit.short_name or post.unit.name


def _post(user: User, today: date) -> Post | None:
    return Post.objects.filter(running("", today), person=user).select_related("unit").first()
