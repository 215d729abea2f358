"""The text index: FTS5 in SQLite, tsvector with GIN in PostgreSQL; the same tokens and the same phrases in both.

Source of the choice: bigram phrases give exact recall at under a millisecond, trigrams lose two-character words
on common SQLite builds (docs/adr/0009).
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from bihuan.core.bigrams import grams, phrases

MOST_POSITIONS = 16000  # a tsvector's positions end at 16,383


def write(rows: Iterable[tuple[int, str]], *, new: bool = False) -> None:
    """Index (entry id, text) pairs, replacing what was there. One statement to write, one before to remove."""
    ready = [(pk, grams(text)[:MOST_POSITIONS]) for pk, text in rows]
    if not ready:
        return
    if not new:
        erase([pk for pk, _ in ready])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy("COPY search_grams (entry_id, grams) FROM STDIN") as copy:
                for pk, tokens in ready:
                    copy.write_row((pk, _vector(tokens)))
            return
        told = [(pk, " ".join(tokens)) for pk, tokens in ready]
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
    wanted = phrases(query)
    if not wanted:
        return None
    if connection.vendor == "postgresql":
        return "SELECT entry_id FROM search_grams WHERE grams @@ %s::tsquery", [
            " & ".join(map(_pg_phrase, wanted))
        ]
    return "SELECT rowid FROM search_grams WHERE search_grams MATCH %s", [
        " AND ".join(map(_fts_phrase, wanted))
    ]


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
