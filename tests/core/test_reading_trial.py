"""Page openings written for a trial of the reader, with what each says: labels.json stands beside them.

Texts with an even number are folded to half-width punctuation, as crawlers deliver them.
"""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from bihuan.core.reading import asdict, read
from tests.core.reading_sources import from_text

FOLDER = Path(__file__).parent / "data" / "trial"
LEAST = 0.97
FIELDS = (
    "kind",
    "title",
    "inspection.kind",
    "inspection.team",
    "inspection.subject",
    "inspection.starts_on",
    "inspection.ends_on",
    "inspection.feedback_on",
    "as_of",
    "tally",
    "headings",
)
DROPPED = set(" \u3000\t\r\n\"'“”‘’「」『』")
WIDE = str.maketrans(",:;()!?", "，：；（）！？")
NARROW = str.maketrans("，：；（）！？", ",:;()!?")


def plain(text: object) -> str | None:
    """Return text without the differences that do not count: width, white space, quotation marks, the last stop."""
    if text is None:
        return None
    folded = unicodedata.normalize("NFKC", str(text))
    return "".join(c for c in folded if c not in DROPPED).rstrip("。.;:,、")


def value(of: dict[str, Any], field: str) -> Any:
    """Return the value under a dotted name."""
    for key in field.split("."):
        of = of[key]
    return of


def points(field: str, want: Any, got: Any) -> tuple[int, int]:
    """Return what a field of a document earns, and how much it could."""
    if field == "headings":
        rest = [(plain(h["marker"]), plain(h["text"])) for h in got]
        wanted = [(plain(h["marker"]), plain(h["text"])) for h in want]
        possible, hits = len(rest) + len(wanted), 0
        for heading in wanted:
            if heading in rest:
                rest.remove(heading)
                hits += 2
        return hits, possible
    if field == "tally":
        keys = set(want) | set(got)
        return sum(want.get(key) == got.get(key) for key in keys), len(keys)
    if field in ("inspection.team", "inspection.subject"):
        if want is None:
            return 0, 0
        return int(plain(got) in {plain(w) for w in want} if want else not got), 1
    return int(plain(want) == plain(got)), 1


def trial(width: dict[int, int] | None) -> tuple[float, list[str]]:
    """Read every text, its punctuation changed by `width`; return the mean over the fields, and every miss."""
    labels: dict[str, Any] = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    sums = {field: [0, 0] for field in FIELDS}
    misses = []
    for name, label in labels.items():
        text = (FOLDER / name).read_text(encoding="utf-8")
        found = asdict(read(from_text(text.translate(width) if width else text, name)))
        for field in FIELDS:
            want, got = value(label, field), value(found, field)
            earned, possible = points(field, want, got)
            sums[field][0] += earned
            sums[field][1] += possible
            if earned < possible:
                misses.append(f"{name} {field}: {want!r} was read as {got!r}")
    return sum(earned / possible for earned, possible in sums.values()) / len(FIELDS), misses


@pytest.mark.parametrize("width", [None, WIDE, NARROW], ids=["as delivered", "full width", "half width"])
def test_openings_written_for_the_trial_are_read(width: dict[int, int] | None) -> None:
    mean, misses = trial(width)
    assert mean >= LEAST, "\n".join(misses)


def test_every_opening_is_labelled_and_there_are_enough() -> None:
    labels = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    assert sorted(labels) == sorted(path.name for path in FOLDER.glob("*.txt"))
    assert len(labels) > 100
