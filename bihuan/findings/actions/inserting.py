"""Writing many new rows of one table with one statement.

Their numbers are taken beforehand, so that rows may name each other.
`bulk_create` splits at SQLite's 999 parameters: 1,000 tasks would be 25 statements. Here it is one
prepared statement.
"""

from collections.abc import Sequence

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

    PostgreSQL takes them by COPY, which costs a fifth of an INSERT of as many rows.
    """
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    values = [
        tuple(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields)
        for row in rows
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608 - our own names
    for one in rows:
        one._state.adding = False
        one._state.db = connection.alias
