"""Questions made once: the same rows as the queryset, for other values, other lengths of lists, and other threads."""

from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from bihuan.config import environment
from bihuan.orgs.models import Post, Unit, User
from bihuan.web.prepared import Question
from tests.cast import make_person, make_unit

pytestmark = pytest.mark.django_db
NAMED = Question(lambda name, ids: Unit.objects.filter(name=name, pk__in=ids))
BELOW = Question(lambda ids: Unit.objects.filter(parent_id__in=ids).select_related("parent").order_by("pk"))
BEGUN = Question(
    lambda day: Post.objects.filter(starts_on__lte=day).order_by("pk").values_list("title", "starts_on")
)
LOCKED = Question(lambda pk: Unit.objects.select_for_update().filter(pk=pk))


def test_answers_like_the_queryset() -> None:
    top = make_unit("甲", kind="organisation")
    one, two = make_unit("乙", parent=top), make_unit("丙", parent=top)
    assert NAMED.rows("乙", (one.pk, two.pk)) == [one]
    assert NAMED.rows("丙", (one.pk, two.pk)) == [two]
    assert NAMED.rows("丙", (one.pk,)) == []
    assert NAMED.rows("丙' OR 1=1 --", (one.pk,)) == []
    assert NAMED.first("丁", (one.pk,)) is None
    assert BELOW.rows((top.pk,)) == [one, two]


def test_reads_what_is_selected_with_it_without_another_query() -> None:
    top = make_unit("甲", kind="organisation")
    make_unit("乙", parent=top)
    with CaptureQueriesContext(connection) as asked:
        (row,) = BELOW.rows((top.pk, top.pk + 100))
        assert row.parent == top
        assert row.parent.name == "甲"
    assert len(asked) == 1
    assert row._state.adding is False


def test_asks_nothing_of_an_empty_list() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert BELOW.rows(()) == []
    assert len(asked) == 0


def test_takes_days_and_gives_values() -> None:
    unit = make_unit("甲", kind="organisation")
    person = make_person("ren", "人", unit=unit, role="office")
    kept = Post.objects.get(person=person)
    assert BEGUN.rows(kept.starts_on) == [(kept.title, kept.starts_on)]
    assert BEGUN.rows(date(1990, 1, 1)) == []


def test_converts_what_the_database_keeps_in_its_own_way() -> None:
    person = make_person("ren", "人", unit=make_unit("甲", kind="organisation"), role="office")
    found = Question(lambda pk: User.objects.filter(pk=pk)).first(person.pk)
    assert found is not None
    kept = User.objects.get(pk=person.pk)
    for field in User._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(kept, field.attname)
        assert type(getattr(found, field.attname)) is type(getattr(kept, field.attname))


def test_puts_annotations_on_the_model() -> None:
    unit = make_unit("甲", kind="organisation")
    found: Any = Question(lambda pk: Unit.objects.filter(pk=pk).annotate(also=F("name"))).first(unit.pk)
    assert found.also == "甲"


@pytest.mark.django_db(transaction=True)
def test_locks_inside_a_transaction_only() -> None:
    unit = make_unit("甲", kind="organisation")
    with transaction.atomic():
        assert LOCKED.first(unit.pk) == unit
    with pytest.raises(TransactionManagementError):
        LOCKED.first(unit.pk)


def test_refuses_a_value_that_the_question_does_not_ask() -> None:
    def deaf(_pk: int) -> QuerySet[Unit]:
        return Unit.objects.filter(name="甲")

    with pytest.raises(ValueError, match="no place"):
        Question(deaf).rows(1)


def test_is_made_once_for_each_thread() -> None:
    made = []

    def make(name: str) -> QuerySet[Unit]:
        made.append(name)
        return Unit.objects.filter(name=name)

    asked = Question(make)
    asked.rows("甲")
    asked.rows("乙")
    assert len(made) == 1
    other = Thread(target=asked._ready, args=(("甲",), connection))
    other.start()
    other.join()
    assert len(made) == 2


@pytest.mark.parametrize(
    ("address", "kept"), [("/name", 2), ("/name?host=/x", 2), ("/name?host=/x&pooler=1", None)]
)
def test_statements_stay_prepared_except_behind_a_pooler(address: str, kept: int | None) -> None:
    read = environment.read({"DATABASE_URL": f"postgresql://me@{address}", "BIHUAN_SECRET_KEY": "x"})
    assert environment.database(read)["OPTIONS"].get("prepare_threshold") == kept


def test_keeps_in_mind_so_many_lengths_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.web.prepared.MOST_SHAPES", 3)
    asked = Question(lambda ids: Unit.objects.filter(pk__in=ids))
    for length in range(8):
        asked.rows(tuple(range(length)))
    assert len(asked._made.by_shape) <= 3


def test_leaves_out_a_list_as_a_whole_only() -> None:
    unit = make_unit("甲", kind="organisation")
    assert Question(lambda ids, _others: Unit.objects.filter(pk__in=ids)).rows((unit.pk,), (1, 2)) == [unit]
    with pytest.raises(ValueError, match="no place"):
        Question(lambda ids: Unit.objects.filter(name__in=ids)).rows((1, 2))
