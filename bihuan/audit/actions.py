"""The one way into the record: seal what an action did, in the action's own transaction.

created, changed, removed rows ─record→ one event each, chained to the head, one statement for all of them
"""

import json
import secrets
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from bihuan.audit.actor import Actor
from bihuan.audit.models import Event, Head
from bihuan.audit.sealing import plain
from bihuan.core.chronicle import Value, canonical, commitment, leaf
from bihuan.web.prepared import Question

VERSION = 1
COLUMNS = (
    "seq", "batch", "organisation_id", "at", "actor_id", "actor_label", "action", "kind", "object_id",
    "sealed", "opened", "hash",
)  # fmt: skip
HEAD = Question(lambda pk: Head.objects.select_for_update().filter(pk=pk))


def record(
    *,
    actor: Actor,
    action: str,
    created: Sequence[Model] = (),
    changed: Sequence[tuple[Model, Collection[str]]] = (),
    removed: Sequence[Model] = (),
    reason: str = "",
) -> int:
    """Seal one event per object and return the batch number (the first event's number; 0 when nothing was given).

    Must be called inside the transaction that wrote the rows; the head row is locked here, last of all locks. Each of
    `changed` names the fields that were written. Costs three statements, whatever the number of rows.

    :raises RuntimeError: outside a transaction, for then the record could disagree with the tables.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() must run in the transaction of the change")
    acts = list(_acts(created, changed, removed))
    if not acts:
        return 0
    head = HEAD.first(1) or Head.objects.select_for_update().get_or_create(pk=1)[0]
    first = head.seq + 1
    rows = []
    seq, previous = head.seq, head.hash
    for row, set_, gone in acts:
        seq += 1
        sealed, opened = _bodies(
            actor, action, row, set_=set_, gone=gone, reason=reason, chain=(seq, first, previous)
        )
        previous = leaf(sealed).hex()
        rows.append(
            (
                seq, first, actor.organisation_id, actor.at, actor.user_id, actor.label, action,
                row.sealed_as, row.pk, sealed.decode(), opened, previous,
            )
        )  # fmt: skip
    _insert(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Head._meta.db_table} SET seq = %s, hash = %s WHERE id = 1", [seq, previous])  # noqa: S608 - our own name
    return first


def _acts(
    created: Sequence[Model], changed: Sequence[tuple[Model, Collection[str]]], removed: Sequence[Model]
) -> Iterator[tuple[Any, Collection[str], bool]]:
    for row in created:
        yield row, _sealed_fields(row), False
    for row, fields in changed:
        sealed = [one for one in _sealed_fields(row) if one in fields or one.removesuffix("_id") in fields]
        if sealed:
            yield row, sealed, False
    for row in removed:
        yield row, (), True


def _sealed_fields(row: Any) -> tuple[str, ...]:
    fields: tuple[str, ...] = row.sealed_fields
    return fields


def _bodies(  # noqa: PLR0913 - one event's parts, told apart by name
    actor: Actor,
    action: str,
    row: Any,
    *,
    set_: Collection[str],
    gone: bool,
    reason: str,
    chain: tuple[int, int, str],
) -> tuple[bytes, str | None]:
    """Return the canonical bytes of one event and the text that opens its commitments (None without any)."""
    values: dict[str, Value] = {}
    opened: dict[str, list[Value]] = {}
    for field in set_:
        value = plain(getattr(row, field))
        if field in row.veiled_fields and value not in (None, ""):
            salt = secrets.token_hex(16)
            opened[field] = [salt, value]
            values[field] = {"c": commitment(salt, field, value)}
        else:
            values[field] = value
    seq, batch, previous = chain
    body: dict[str, Value] = {
        "v": VERSION, "seq": seq, "batch": batch, "prev": previous, "day": actor.today.isoformat(),
        "at": actor.at.isoformat(), "actor": actor.label, "action": action,
        "kind": row.sealed_as, "object": row.pk, "set": values,
    }  # fmt: skip
    if gone:
        body["gone"] = True
    if actor.principal_id is not None:
        body["principal"] = actor.principal_id
    if actor.organisation_id is not None:
        body["org"] = actor.organisation_id
    if reason:
        salt = secrets.token_hex(16)
        opened["reason"] = [salt, reason]
        body["reason"] = {"c": commitment(salt, "reason", reason)}
    return canonical(body), json.dumps(opened, ensure_ascii=False) if opened else None


def _insert(rows: Sequence[tuple[Any, ...]]) -> None:
    """Write the events with one statement: COPY where the database has it, else one prepared INSERT."""
    table = Event._meta.db_table
    at = COLUMNS.index("at")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        adapt = connection.ops.adapt_datetimefield_value
        marks = ", ".join(["%s"] * len(COLUMNS))
        ready = [(*row[:at], adapt(row[at]), *row[at + 1 :]) for row in rows]
        cursor.executemany(f"INSERT INTO {table} ({', '.join(COLUMNS)}) VALUES ({marks})", ready)  # noqa: S608 - our own names
