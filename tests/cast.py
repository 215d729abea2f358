"""The fixed cast: one organisation with two departments, and everybody who may or may not see it.

江澜高新区 ─ 生态环境部, 安全生产监管部. 方静宜 holds the office, 罗小满 reads all, 高远舟 reads one department only,
陶景和 is disabled, 外单位的 顾长风 holds the office elsewhere (outsider).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.orgs.models import Grant, Post, Unit, UnitLink, User

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PASSWORD = "Qingliang-2026-shan"
FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody of the play and where they belong."""

    organisation: Unit
    environment: Unit
    safety: Unit
    elsewhere: Unit
    office: User
    reader: User
    department_reader: User
    outsider: User
    disabled: User


def actor_for(user: User, *, at: datetime = NOW, organisation: Unit | None = None) -> Actor:
    """Return `user` acting at `at`, as a request would."""
    return Actor(user.pk, f"person:{user.pk}", at, organisation_id=organisation.pk if organisation else None)


def make_unit(name: str, *, kind: str = "department", parent: Unit | None = None) -> Unit:
    """Make a unit with its links to every unit above."""
    unit = Unit.objects.create(name=name, kind=kind, parent=parent)
    above = UnitLink.objects.filter(descendant=parent) if parent else []
    UnitLink.objects.bulk_create(
        [
            UnitLink(ancestor=unit, descendant=unit, depth=0),
            *(
                UnitLink(ancestor_id=link.ancestor_id, descendant=unit, depth=link.depth + 1)
                for link in above
            ),
        ]
    )
    return unit


def make_person(username: str, name: str, *, unit: Unit, role: str, over: Unit | None = None) -> User:
    """Make an account with a post in `unit` that carries `role` over `over` (the unit itself unless named)."""
    user = User(username=username, name=name, created_at=NOW, password_changed_at=NOW)
    user.set_password(PASSWORD)
    user.save()
    post = Post.objects.create(person=user, unit=unit, title="工作人员", starts_on=FIRST_DAY)
    Grant.objects.create(post=post, role=role, unit=over or unit, starts_on=FIRST_DAY)
    return user


@transaction.atomic
def make_cast() -> Cast:
    """Make the whole cast, sealed in one batch."""
    cast = _make()
    rows = [*Unit.objects.all(), *User.objects.all(), *Post.objects.all(), *Grant.objects.all()]
    record(actor=Actor(None, "console:tester", NOW), action="cast.make", created=rows)
    return cast


def _make() -> Cast:
    organisation = make_unit("江澜高新区", kind="organisation")
    environment = make_unit("生态环境部", parent=organisation)
    safety = make_unit("安全生产监管部", parent=organisation)
    elsewhere = make_unit("白石渡经开区", kind="organisation")
    disabled = make_person("taojinghe", "陶景和", unit=organisation, role="office")
    User.objects.filter(pk=disabled.pk).update(is_active=False)
    disabled.is_active = False
    return Cast(
        organisation=organisation,
        environment=environment,
        safety=safety,
        elsewhere=elsewhere,
        office=make_person("fangjingyi", "方静宜", unit=organisation, role="office"),
        reader=make_person("luoxiaoman", "罗小满", unit=organisation, role="reader"),
        department_reader=make_person("gaoyuanzhou", "高远舟", unit=environment, role="reader"),
        outsider=make_person("guchangfeng", "顾长风", unit=elsewhere, role="office"),
        disabled=disabled,
    )
