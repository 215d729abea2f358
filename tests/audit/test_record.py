"""Sealing, replay, and what happens to whoever changes the record behind its back."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.audit.models import Event, Head
from bihuan.audit.queries import chain_breaks, checkpoint, folded, reason_of, table_breaks
from bihuan.core.chronicle import root
from bihuan.files.models import StoredFile

pytestmark = pytest.mark.django_db
ACTOR = Actor(None, "console:tester", datetime(2026, 11, 22, 4, 0, tzinfo=UTC))


def make_files(count: int) -> list[StoredFile]:
    with transaction.atomic():
        rows = StoredFile.objects.bulk_create(
            StoredFile(sha256=f"{i:064d}", size=i, type="text/plain", created_at=ACTOR.at)
            for i in range(count)
        )
        record(actor=ACTOR, action="file.store", created=rows, reason="入库")
    return rows


def drop_guard() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER audit_event_sealed ON audit_event")
        else:
            for name in ("sealed", "opened", "kept"):
                cursor.execute(f"DROP TRIGGER audit_event_{name}")


def codes() -> list[str]:
    return [one.code for one in chain_breaks()]


def test_every_row_gets_its_event_and_the_fold_gives_the_table() -> None:
    make_files(5)
    assert [event.seq for event in Event.objects.order_by("seq")] == [1, 2, 3, 4, 5]
    assert set(Event.objects.values_list("batch", flat=True)) == {1}
    assert folded()["file", StoredFile.objects.first().pk]["size"] == 0
    assert list(chain_breaks()) == []
    assert list(table_breaks()) == []
    assert reason_of(Event.objects.get(seq=1)) == "入库"


def test_number_of_statements_does_not_grow_with_the_rows(django_assert_num_queries) -> None:
    make_files(2)
    rows = list(StoredFile.objects.all())
    with django_assert_num_queries(5), transaction.atomic():  # savepoint, head, insert, head, release
        record(actor=ACTOR, action="file.touch", changed=[(row, ["size"]) for row in rows * 50])


def test_outside_a_transaction_it_refuses(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        record(actor=ACTOR, action="file.store", created=[StoredFile(pk=1, sha256="a", size=1)])


def test_database_refuses_to_change_or_delete_an_event() -> None:
    make_files(2)
    for write in (
        lambda: Event.objects.filter(seq=1).update(action="x"),
        lambda: Event.objects.filter(seq=2).delete(),
        lambda: Event.objects.filter(seq=1).update(opened="{}"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_erased_text_leaves_the_chain_whole() -> None:
    make_files(2)
    Event.objects.filter(seq=1).update(opened=None)
    assert list(chain_breaks()) == []
    assert list(table_breaks()) == []


def test_changed_event_is_named() -> None:
    make_files(3)
    drop_guard()
    event = Event.objects.get(seq=2)
    Event.objects.filter(seq=2).update(sealed=event.sealed.replace('"size":1', '"size":9'))
    assert [(one.seq, one.code) for one in chain_breaks()] == [(2, "audit.changed")]


@pytest.mark.parametrize("sealed", ["x", "", "[1]", "{}", "null"])
def test_an_event_that_is_none_any_more_is_named(sealed: str) -> None:
    make_files(3)
    drop_guard()
    Event.objects.filter(seq=2).update(sealed=sealed)
    assert [(one.seq, one.code) for one in chain_breaks()] == [(2, "audit.changed")]
    assert [one.code for one in table_breaks()] == ["audit.unrecorded"]


@pytest.mark.parametrize("opened", ["x", "[1]", '{"name": 1}'])
def test_an_opening_that_is_none_any_more_is_named(opened: str) -> None:
    make_files(3)
    drop_guard()
    Event.objects.filter(seq=2).update(opened=opened)
    assert "audit.opening" in [one.code for one in chain_breaks() if one.seq == 2]


def test_dropped_event_is_named() -> None:
    make_files(3)
    drop_guard()
    Event.objects.filter(seq=2).delete()
    assert (2, "audit.missing") in [(one.seq, one.code) for one in chain_breaks()]


def test_dropped_tail_is_noticed() -> None:
    make_files(3)
    drop_guard()
    Event.objects.filter(seq=3).delete()
    assert codes() == ["audit.head"]


def test_swapped_events_are_named() -> None:
    make_files(3)
    drop_guard()
    one, two = Event.objects.get(seq=1), Event.objects.get(seq=2)
    Event.objects.filter(seq=1).update(sealed=two.sealed, hash=two.hash, opened=two.opened)
    Event.objects.filter(seq=2).update(sealed=one.sealed, hash=one.hash, opened=one.opened)
    assert {1, 2} <= {found.seq for found in chain_breaks()}


def test_false_opening_is_named() -> None:
    make_files(2)
    drop_guard()
    event = Event.objects.get(seq=1)
    Event.objects.filter(seq=1).update(
        opened=event.opened.replace("\\u5165\\u5e93", "出库").replace("入库", "出库")
    )
    assert codes() == ["audit.opening"]


def test_table_edited_behind_the_record_is_named() -> None:
    rows = make_files(2)
    StoredFile.objects.filter(pk=rows[0].pk).update(size=77)
    StoredFile.objects.filter(pk=rows[1].pk).delete()
    found = {(one.code, one.object_id, one.field) for one in table_breaks()}
    assert found == {("audit.differs", rows[0].pk, "size"), ("audit.vanished", rows[1].pk, "")}


def test_checkpoint_is_the_root_over_all_events() -> None:
    make_files(3)
    size, top = checkpoint()
    assert size == Head.objects.get(pk=1).seq == 3
    assert top == root(bytes.fromhex(event.hash) for event in Event.objects.order_by("seq")).hex()
