"""Writing many new rows of one table with one statement.

Their numbers are taken beforehand, so that rows may name each other.
`bulk_create` splits at SQLite's 999 parameters: 1,000 tasks would be 25 statements. Here it is one
prepared statement.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def give_numbers(rows: Sequence[Model]) -> None:
    """Give each row (all of one table) the primary key that it will have. One statement.

    Call it inside the transaction that inserts them: on SQLite it holds the write lock, on PostgreSQL
    the numbers come
    from the sequence and are never given twice.
    """
    if not rows:
        return
    table = rows[0]._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, len(rows)],
            )
            numbers = [number for (number,) in cursor.fetchall()]
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or (0,))[0]
            numbers = list(range(last + 1, last + 1 + len(rows)))
    for row, number in zip(rows, numbers, strict=True):
        row.pk = number


def insert(rows: Sequence[Model]) -> None:
    """Write rows of one table that have their numbers. One statement, whatever their number.

    PostgreSQL takes all rows in one INSERT; there a prepared statement a row would cost three times as much.
    """
    if not rows:
        return
    if connection.vendor == "postgresql":
        type(rows[0])._default_manager.bulk_create(rows)
        return
    fields = rows[0]._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    values: list[tuple[Any, ...]] = [
        tuple(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields)
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608 - our own names
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias
