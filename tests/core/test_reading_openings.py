"""Openings, tallies, titles, kinds and headings in the wordings that real documents use."""

from typing import Any

import pytest

from bihuan.core.reading import asdict, read
from tests.core.data import declarations, more_openings, openings, pages
from tests.core.reading_sources import from_text

CASES = tuple(
    (f"{group}: {case[0]}", case[1], case[2])
    for group, cases in (
        ("periods", openings.PERIODS),
        ("bodies", openings.BODIES),
        ("levels", more_openings.LEVELS),
        ("feedbacks", more_openings.FEEDBACKS),
        ("sisters", more_openings.SISTERS),
        ("tallies", declarations.TALLIES),
        ("titles", declarations.TITLES),
        ("kinds", declarations.KINDS),
        ("headings", declarations.HEADINGS),
        ("heads", pages.HEADS),
        ("feeds", pages.FEEDS),
        ("lookalikes", pages.LOOKALIKES),
        ("mangled", pages.MANGLED),
        ("objects", pages.OBJECTS),
    )
    for case in cases
)


def understood(text: str, key: str) -> Any:
    """Return what was read for one key of an expectation."""
    values = asdict(read(from_text(text)))
    if key == "inspection":
        return values["inspection"]["kind"]
    if key == "headings":
        return [(heading["marker"], heading["text"]) for heading in values["headings"]]
    return values["inspection"][key] if key in values["inspection"] and key != "kind" else values[key]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_an_opening_says_what_it_says_and_nothing_more(text: str, expected: dict[str, Any]) -> None:
    assert {key: understood(text, key) for key in expected} == expected


def test_there_are_enough_wordings() -> None:
    assert len(CASES) > 170
