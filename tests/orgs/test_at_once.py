"""Two people at once: what one alone may do, both together may not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.refusal import Refused
from bihuan.orgs import actions, queries
from bihuan.orgs.models import Grant, Unit, UnitLink, User
from tests.cast import TODAY, actor_for, make_cast, make_person, make_unit

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run the steps in threads that start together; return the refusals' codes."""
    start = Barrier(len(steps))

    def run(step: Callable[[], object]) -> str:
        try:
            start.wait(10)
            step()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(run, steps))


def test_two_of_the_office_cannot_end_each_other() -> None:
    cast = make_cast()
    second = make_person("hanyifei", "韩亦非", unit=cast.organisation, role="office")
    mine, theirs = (Grant.objects.get(post__person=user) for user in (cast.office, second))
    found = at_once(
        lambda: actions.end_grant(theirs, ends_on=TODAY, actor=actor_for(cast.office)),
        lambda: actions.end_grant(mine, ends_on=TODAY, actor=actor_for(second)),
    )
    assert found == ["", "orgs.last-office"]


def test_two_moves_close_no_circle() -> None:
    cast = make_cast()
    found = at_once(
        lambda: actions.move_unit(cast.environment, parent=cast.safety, actor=actor_for(cast.office)),
        lambda: actions.move_unit(cast.safety, parent=cast.environment, actor=actor_for(cast.office)),
    )
    assert found == ["", "orgs.unit-below-itself"]
    for unit in Unit.objects.exclude(parent=None):
        assert UnitLink.objects.filter(ancestor=unit.parent, descendant=unit, depth=1).exists()


def test_the_same_form_sent_twice_registers_one() -> None:
    cast = make_cast()
    draft = actions.PersonDraft(name="蒋予安", username="jiangyuan", title="联络员", starts_on=TODAY)
    send = lambda: actions.create_person(cast.safety, draft=draft, actor=actor_for(cast.office))  # noqa: E731
    assert at_once(send, send) == ["", "orgs.username-taken"]
    name = lambda: actions.create_unit(cast.organisation, name="财政金融部", actor=actor_for(cast.office))  # noqa: E731
    assert at_once(name, name) == ["", "orgs.unit-name-taken"]
    assert User.objects.filter(username="jiangyuan").count() == 1
    assert list(chain_breaks()) == []
    assert {one.kind for one in table_breaks()} == set()


def test_a_code_used_twice_at_once_works_once() -> None:
    cast = make_cast()
    code = actions.issue_reset(cast.reader, actor=actor_for(cast.office))
    at = actor_for(cast.office).at
    found = at_once(
        *(
            lambda new=new: actions.use_code(code, username="luoxiaoman", password=new, at=at)
            for new in ("Baishui-2026", "Cangwu-2026")
        )
    )
    assert found == ["", "orgs.code-wrong"]


def test_sight_of_a_new_unit_is_there_when_the_unit_is() -> None:
    cast = make_cast()
    make_unit("环保科", parent=cast.environment)
    assert queries.units_seen(queries.sight(cast.department_reader, TODAY)).count() == 2
