"""Sources made in tests from plain text, as the txt format makes them."""

from bihuan.core.source import Line, Place, Source


def from_text(text: str, name: str = "case.txt") -> Source:
    """Return the source of a text: one line a paragraph, blank ones counted but left out."""
    lines = tuple(
        Line(part.strip(), Place(number))
        for number, part in enumerate(text.split("\n"), start=1)
        if part.strip()
    )
    return Source(name, "txt", lines)


def from_rows(*rows: tuple[str, ...]) -> Source:
    """Return the source of a table, one line a row."""
    return Source(
        "plan.xlsx",
        "xlsx",
        tuple(Line("\t".join(cells), Place(n), "row", cells) for n, cells in enumerate(rows, 1)),
    )
