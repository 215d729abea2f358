"""Is a word miswritten, or a name broken? The tables stand in `slips`, names in `names`."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.names import broken_names
from bihuan.core.checking.passages import Passage, Reading
from bihuan.core.checking.slips import SLIP_PATTERNS, SLIPS, USAGES

_MEANT: Final[Mapping[str, str]] = MappingProxyType(dict(SLIPS))
_ANY_SLIP: Final = re.compile("|".join(sorted(map(re.escape, _MEANT), key=len, reverse=True)))
_PATTERNS: Final = tuple((re.compile(pattern), meant) for pattern, meant in SLIP_PATTERNS)
_USAGES: Final = tuple((re.compile(pattern), meant) for pattern, meant in USAGES)
_SHOWN: Final = 4  # characters of context that a quotation of one or two characters gets


def check_wording(reading: Reading) -> Iterator[Fault]:
    """Find typical slips, doubtful usage and broken names, each with the wording proposed."""
    for passage in reading.body():
        for match in _ANY_SLIP.finditer(passage.plain):
            yield passage.fault(
                "wording", match.start(), match.end(), variant="slip", proposal=_MEANT[match.group()]
            )
        yield from _matches(passage, passage.plain, _PATTERNS, variant="slip")
        yield from _matches(passage, passage.bare, _USAGES, variant="usage")
    yield from broken_names(reading)


def _matches(
    passage: Passage, text: str, patterns: tuple[tuple[re.Pattern[str], str], ...], *, variant: str
) -> Iterator[Fault]:
    """Yield what the patterns find, quoted with what follows so that the words can be read."""
    for pattern, meant in patterns:
        for match in pattern.finditer(text):
            end = match.end()
            while len(match.group()) < 2 and end - match.end() < _SHOWN and text[end : end + 1].isalnum():
                end += 1
            proposal = match.expand(meant) + passage.text[match.end() : end]
            yield passage.fault("wording", match.start(), end, variant=variant, proposal=proposal)
