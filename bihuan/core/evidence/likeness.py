"""How alike two texts are, so that near-identical reports of different units are found without comparing all pairs.

text ─sketch→ 64 numbers ─bands→ 16 keys; texts that share a key are compared by `alike`

A sketch is the smallest hash of the text's five-character pieces in each of 64 classes (one-permutation MinHash):
the share of equal numbers estimates the share of common pieces.
"""

import re
import zlib
from collections.abc import Sequence

SIZE = 64
BAND = 4
BANDS = SIZE // BAND
PIECE = 5
SHORTEST = 200  # characters; below it two honest reports of one sentence would look copied
LONGEST = 200_000
ALIKE = 0.8
_WORDS = re.compile(r"[^\u3400-\u9fffA-Za-z]+")


def sketch(text: str) -> tuple[int, ...] | None:
    """Return the sketch of a text, None when it is too short to be compared.

    Figures, dates and marks are left out: a copied report that changed only its numbers is what is looked for.
    """
    bare = _WORDS.sub("", text[:LONGEST])
    if len(bare) < SHORTEST:
        return None
    least: list[int | None] = [None] * SIZE
    for at in range(len(bare) - PIECE + 1):
        mixed = zlib.crc32(bare[at : at + PIECE].encode("utf-8", "replace")) * 0x9E3779B1 & 0xFFFFFFFF
        place, value = mixed % SIZE, mixed // SIZE
        held = least[place]
        if held is None or value < held:
            least[place] = value
    return _filled(least)


def bands(marks: Sequence[int]) -> tuple[int, ...]:
    """Return the keys of a sketch (signed 64-bit numbers); texts that are alike nearly always share one."""
    keys = []
    for number in range(BANDS):
        part = ",".join(map(str, marks[number * BAND : (number + 1) * BAND]))
        keys.append(
            (number << 58 | zlib.crc32(part.encode()) << 26 | zlib.adler32(part.encode()) >> 6) - 2**63
        )
    return tuple(keys)


def alike(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the estimated share of common pieces, 0 to 1."""
    return sum(left == right for left, right in zip(one, other, strict=True)) / SIZE


def _filled(least: Sequence[int | None]) -> tuple[int, ...]:
    """Give each class that no piece fell into the value of the next one that has any, marked by the distance."""
    whole: list[int] = []
    for place in range(SIZE):
        step = next(n for n in range(SIZE) if least[(place + n) % SIZE] is not None)
        whole.append((least[(place + step) % SIZE] or 0) + step * 0x4000001)
    return tuple(whole)
