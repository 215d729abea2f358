"""Every link that anybody is shown opens for that person: each role goes from home wherever the pages lead.

The world is that of the access table, with a claim at every step and a task that two departments share.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from bihuan.files.models import StoredFile
from bihuan.files.store import path_of
from bihuan.findings.actions import plan_items
from bihuan.findings.models import Evidence, Task
from bihuan.orgs.models import Grant, Post, User
from tests.api.world import standing_world
from tests.cast import FIRST_DAY, Cast, actor_for, make_person
from tests.closing import PDF, Desk, make_ready
from tests.closing import walk as take_steps
from tests.findings.browsing import signed_in
from tests.web.crawling import walk

pytestmark = pytest.mark.django_db
#: How many links of one pattern are followed.
MOST = 2
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
STEPS = ("claim", "sign", "verify", "close", "accept")

People = dict[str, User]


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[People]:
    with django_db_blocker.unblock(), standing_world(tmp_path_factory.mktemp("files")) as world:
        yield people_of(world.cast)


def people_of(cast: Cast) -> People:
    """Put everybody beside the cast, a task of two departments, and a claim at every step."""
    desk = desk_of(cast)
    tasks = make_ready(cast, desk, count=len(STEPS) + 1)
    for task, step in zip(tasks, STEPS, strict=False):
        take_steps(desk, [task], step)
    for file in StoredFile.objects.filter(pk__in=Evidence.objects.values("file_id")):
        path_of(file.sha256).parent.mkdir(parents=True, exist_ok=True)
        path_of(file.sha256).write_bytes(PDF)
    shared = Task.objects.filter(unit=cast.safety, inspection__plans__isnull=True).first()
    assert shared is not None
    plan_items.set_joint_units(shared, [cast.environment.pk], actor=actor_for(cast.office))
    known = {
        "office": cast.office, "reader": cast.reader, "department": cast.department_reader, "outsider": cast.outsider,
        "delegate": User.objects.get(username="tangyue"), "both": both_of(cast),
        "enterprise": make_person("walk-enterprise", "行企业", unit=cast.environment, role="enterprise"),
    }  # fmt: skip
    return known | {name: getattr(desk, name) for name in Desk.__slots__ if name != "superior_unit"}


def desk_of(cast: Cast) -> Desk:
    own, environment, safety = cast.organisation, cast.environment, cast.safety
    places = {
        "liaison": (environment, "liaison", None), "head": (environment, "unit_head", None),
        "other_head": (safety, "unit_head", None), "leader": (own, "leader", environment),
        "other_leader": (own, "leader", safety), "supervisor": (own, "supervision", None),
        "second_supervisor": (own, "supervision", None), "group": (own, "leading_group", None),
        "second_group": (own, "leading_group", None), "superior": (cast.elsewhere, "superior", own),
    }  # fmt: skip
    made = {
        name: make_person(f"walk-{name}", f"行{name}", unit=unit, role=role, over=over)
        for name, (unit, role, over) in places.items()
    }
    return Desk(**made, superior_unit=cast.elsewhere)


def both_of(cast: Cast) -> User:
    """Return the office of another organisation that only reads here."""
    person = make_person("walk-both", "行两处", unit=cast.elsewhere, role="office")
    Grant.objects.create(
        post=Post.objects.get(person=person), role="reader", unit=cast.organisation, starts_on=FIRST_DAY
    )
    return person


ROLES = (
    "office", "reader", "department", "outsider", "delegate", "both", "enterprise", "liaison", "head", "other_head",
    "leader", "supervisor", "group", "superior",
)  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_link_that_a_person_is_shown_opens(role: str, people: People) -> None:
    assert not (found := missed(people[role])), "\n".join(found)


@pytest.mark.parametrize("role", [*ADMINISTRATORS, "office"])
def test_every_link_opens_when_the_three_administrators_are_appointed(role: str, people: People) -> None:
    organisation = people["reader"].posts.get().unit
    with transaction.atomic():
        made = {
            name: make_person(f"walk-{name}", name, unit=organisation, role=name) for name in ADMINISTRATORS
        }
        found = missed(made.get(role, people["office"]))
        transaction.set_rollback(True)
    assert not found, "\n".join(found)


def missed(person: User) -> list[str]:
    """Return the links that lead nowhere, each with the page that shows it."""
    client = signed_in(person)
    client.raise_request_exception = False
    with transaction.atomic():
        done = walk(client, most=MOST)
        transaction.set_rollback(True)
    assert len(done.pages) > 1
    return done.missed
