"""Every line of the source belongs to one part or is left over.

what each row is ─parts→ Part(kind, title, first place, last line) …, Unmapped(text, place) …
"""

from collections.abc import Mapping, Sequence

from bihuan.core.reading.document import Part, PartKind, Unmapped
from bihuan.core.reading.rows import Row
from bihuan.core.source import Source

Roles = Mapping[int, tuple[PartKind, str | None]]  # row index → kind and title of the part it belongs to


def parts(source: Source, rows: Sequence[Row], roles: Roles) -> tuple[tuple[Part, ...], tuple[Unmapped, ...]]:
    """Join neighbouring lines of one kind into parts; lines without a role are left over.

    A line that holds several rows goes with its first row that has a role.
    """
    by_line: dict[int, tuple[PartKind, str | None]] = {}
    for row in rows:
        role = roles.get(row.index)
        if role is not None:
            by_line.setdefault(row.line, role)
    found: list[Part] = []
    left: list[Unmapped] = []
    joined: tuple[PartKind, str | None] | None = None
    for number, line in enumerate(source.lines):
        role = by_line.get(number)
        if role is None:
            joined = None
            if line.text.strip():
                left.append(Unmapped(line.text, line.place))
        elif role == joined:
            last = found[-1]
            found[-1] = Part(last.kind, last.title, last.place, line.place.line)
        else:
            found.append(Part(role[0], role[1], line.place, line.place.line))
            joined = role
    return tuple(found), tuple(left)
