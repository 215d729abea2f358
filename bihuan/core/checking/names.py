"""Is the name of an organisation broken: one character lost or doubled against its own full name?

A name known from title, opening and signature (某某高新技术产业开发区) stands elsewhere
less one character (产业开区).
"""

import re
from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, fold, params

_BODIES: Final = (
    "党工委", "工作委员会", "管理委员会", "管委会", "委员会", "党委", "党组", "党总支", "党支部", "人民政府",
    "办公室",
)  # fmt: skip
_FULL_NAME: Final = re.compile(
    r"(?P<full>[一-鿿]{8,40})(?:党工委|党委|党组|工作委员会|委员会)?\(以下(?:简称|称)"
)
_LED: Final = re.compile(r"^.*(?:中共|向|对|由|在|和|与|及|、)(?=[一-鿿]{8})")
_LEAST: Final = 8
_KEPT: Final = 3  # characters at both ends that must stand unbroken


def broken_names(reading: Reading) -> Iterator[Fault]:
    """Find a known name with one character too few or too many."""
    names = _known_names(reading)
    for passage in reading.body():
        told: set[int] = set()
        for name in names:
            for start, end in _near(passage.plain, name):
                if start not in told:
                    told.add(start)
                    yield _fault(passage, start, end, name)


def _known_names(reading: Reading) -> tuple[str, ...]:
    """Return the stems of names that the document gives in full and uses twice or more, longest first."""
    document = reading.document
    given = [document.title, document.inspection.subject, document.signed_by]
    stems = {_stem(fold(name)) for name in given if name}
    for passage in reading.passages:
        if passage.role in ("opening", "organisation") and "以下" in passage.plain:
            for match in _FULL_NAME.finditer(passage.plain):
                stems.add(_stem(_LED.sub("", match["full"])))
    long = [stem for stem in stems if len(stem) >= _LEAST]
    counted = {stem: sum(p.plain.count(stem) for p in reading.passages) for stem in long}
    return tuple(sorted((stem for stem, count in counted.items() if count >= 2), key=len, reverse=True))


def _stem(name: str) -> str:
    """Return a name without 中共 before it and without the body (党委, 管委会 …) and all else after it."""
    name = re.sub(r"^[^一-鿿]*(?:【[^】]*】)?(?:中国共产党|中共)?", "", name.strip())
    name = name.partition("关于")[0]
    for body in _BODIES:
        if name.endswith(body):
            name = name.removesuffix(body)
            break
    return name if re.fullmatch(r"[一-鿿]+", name) else ""


def _near(plain: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where `name` stands with one character missing or one too many, away from its ends.

    One edit leaves one half of the name whole, so that only places where a half stands are looked at.
    """
    middle = len(name) // 2
    for half, offset in ((name[:middle], 0), (name[middle:], middle)):
        at = plain.find(half)
        while at >= 0:
            if offset == 0:
                yield from _edited(plain, name, at)
            else:
                for length in (middle - 1, middle + 1):
                    if at >= length:
                        yield from _edited(plain, name, at - length)
            at = plain.find(half, at + len(half))


def _edited(plain: str, name: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield the stretch from `at` when it is the name with one inner character lost or one more put in."""
    if plain.startswith(name, at):
        return
    for length in (len(name) - 1, len(name) + 1):
        words = plain[at : at + length]
        if len(words) == length and re.fullmatch(r"[一-鿿]+", words) and _one_edit(words, name):
            yield at, at + length
            return


def _one_edit(words: str, name: str) -> bool:
    """Say whether the longer of the two is the shorter with one character put in, not near the ends."""
    shorter, longer = sorted((words, name), key=len)
    same = 0
    while same < len(shorter) and shorter[same] == longer[same]:
        same += 1
    return _KEPT <= same <= len(shorter) - 1 and shorter[same:] == longer[same + 1 :]


def _fault(passage: Passage, start: int, end: int, name: str) -> Fault:
    """Return the fault with the name written out as the document writes it elsewhere, its body included."""
    body = next((body for body in _BODIES if passage.plain.startswith(body, end)), "")
    return passage.fault(
        "wording", start, end + len(body), variant="name", params=params(name=name), proposal=name + body
    )
