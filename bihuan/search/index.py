"""The text index: FTS5 in SQLite, tsvector with GIN in PostgreSQL; the same tokens and the same phrases in both.

Source of the choice: bigram phrases give exact recall at under a millisecond, trigrams lose two-character words
on common SQLite builds (docs/adr/0009).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from bihuan.core.bigrams import grams, phrases
from bihuan.search.models import Entry

#: What PostgreSQL keeps of an entry beside its grams: hits are chosen and put in order without looking at the entries.
BESIDE = ("organisation_id", "unit_id", "kind", "object_id")
MOST_POSITIONS = 16000  # a tsvector's positions end at 16,383


def write(rows: Iterable[tuple[Entry, str]], *, new: bool = False) -> None:
    """Index (entry, text) pairs, replacing what was there. One statement to write, one before to remove."""
    ready = [(entry, grams(text)[:MOST_POSITIONS]) for entry, text in rows]
    if not ready:
        return
    if not new:
        erase([entry.pk for entry, _ in ready])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY search_grams ({', '.join(BESIDE)}, entry_id, grams) FROM STDIN") as copy:
                for entry, tokens in ready:
                    copy.write_row((*(getattr(entry, name) for name in BESIDE), entry.pk, _vector(tokens)))
            return
        told = [(entry.pk, " ".join(tokens)) for entry, tokens in ready]
        cursor.executemany("INSERT INTO search_grams (rowid, grams) VALUES (%s, %s)", told)


def erase(pks: Sequence[int]) -> None:
    """Take entries out of the index. One statement."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DELETE FROM search_grams WHERE entry_id = ANY(%s)", [list(pks)])
        else:
            cursor.executemany("DELETE FROM search_grams WHERE rowid = %s", [(pk,) for pk in pks])


def matching(query: str) -> tuple[str, list[str]] | None:
    """Return SQL for the ids of the entries that hold every phrase of `query`, and its parameters."""
    wanted = _wanted(query)
    if not wanted:
        return None
    if connection.vendor == "postgresql":
        return "SELECT entry_id FROM search_grams WHERE grams @@ %s::tsquery", [wanted]
    return "SELECT rowid FROM search_grams WHERE search_grams MATCH %s", [wanted]


@dataclass(frozen=True, slots=True)
class Seen:
    """Who asks: the organisations of which everything is seen, and the units whose own objects are."""

    organisations: Sequence[int]
    units: Sequence[int] = ()


def page(query: str, seen: Seen, *, start: int, size: int) -> list[tuple[int, int]]:
    """Return a page of the hits in sight by kind and number: the id of the entry, and how many there are in all.

    One statement. Nothing when the query holds no word, and past the end.
    """
    wanted = _wanted(query)
    if not wanted or not (seen.organisations or seen.units):
        return []
    postgresql = connection.vendor == "postgresql"
    visible, params = _visible("hit.entry_id" if postgresql else "entry.id", seen)
    with connection.cursor() as cursor:
        cursor.execute(
            (PAGE_POSTGRESQL if postgresql else PAGE_SQLITE).format(visible=visible),
            [wanted, *params, size, start],
        )
        found: list[tuple[int, int]] = cursor.fetchall()
    return found


SHARED = "{entry} IN (SELECT entry_id FROM search_reader WHERE unit_id IN ({marks}))"
PAGE_SQLITE = """
SELECT entry.id, COUNT(*) OVER () FROM search_grams CROSS JOIN search_entry AS entry ON entry.id = search_grams.rowid
WHERE search_grams MATCH %s AND ({visible})
ORDER BY entry.kind, entry.object_id LIMIT %s OFFSET %s
"""
PAGE_POSTGRESQL = """
SELECT hit.entry_id, COUNT(*) OVER () FROM search_grams AS hit
WHERE hit.grams @@ %s::tsquery AND ({visible})
ORDER BY hit.kind, hit.object_id LIMIT %s OFFSET %s
"""


def _visible(entry: str, seen: Seen) -> tuple[str, list[int]]:
    """Return the condition that an entry is in sight, and its parameters."""
    parts: list[str] = []
    params: list[int] = []
    for column, numbers in (("organisation_id", seen.organisations), ("unit_id", seen.units)):
        if numbers:
            parts.append(f"{column} IN ({_marks(numbers)})")
            params += numbers
    if seen.units:
        parts.append(SHARED.format(entry=entry, marks=_marks(seen.units)))
        params += seen.units
    return " OR ".join(parts), params


def _marks(numbers: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(numbers))


def _wanted(query: str) -> str:
    """Return what is looked for in the words of the database, empty when the query holds no word."""
    wanted = phrases(query)
    if connection.vendor == "postgresql":
        return " & ".join(map(_pg_phrase, wanted))
    return " AND ".join(map(_fts_phrase, wanted))


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(tokens: Sequence[str]) -> str:
    places: dict[str, list[str]] = {}
    for position, token in enumerate(tokens, 1):
        places.setdefault(token, []).append(str(position))
    return " ".join(f"{_quoted(token)}:{','.join(at[:255])}" for token, at in places.items())


def _pg_phrase(tokens: Sequence[str]) -> str:
    if len(tokens) == 1 and len(tokens[0]) == 1:
        return f"{_quoted(tokens[0])}:*"
    return "(" + " <-> ".join(_quoted(token) for token in tokens) + ")"


def _fts_phrase(tokens: Sequence[str]) -> str:
    if len(tokens) == 1 and len(tokens[0]) == 1:
        return f'"{tokens[0]}"*'
    return '"' + " ".join(tokens) + '"'
