"""Look into a whole file before it is kept: what it is, whether it bears a mark, what it says of itself.

path ─formats.admission→ kind ─marks, scanner→ refused, or Examined with the words' sketch and a photo's day
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings

from bihuan.core.evidence.likeness import sketch
from bihuan.core.evidence.marks import mark_in
from bihuan.core.source import UnreadableFile
from bihuan.files.scanning import scan
from bihuan.files.store import FileRefused
from bihuan.formats import photo, preview
from bihuan.formats.admission import judge
from bihuan.formats.glance import Glance, glance


@dataclass(slots=True)
class Examined:
    """What was seen of a file. `readable`: words were found, so that a mark would have been seen."""

    kind: str = ""
    scan: str = ""
    taken_on: date | None = None
    has_place: bool = False
    readable: bool = False
    sketch: tuple[int, ...] | None = field(default=None, repr=False)


def examine(path: Path, name: str) -> Examined:
    """Judge the file at `path` and return what was seen of it.

    :raises FileRefused: with the code of what is wrong: ``files.…`` or ``formats.…``.
    """
    seen = Examined()

    def look(at: Path, its_name: str, kind: str) -> None:
        words = _look(at, its_name, kind)
        if at == path:
            seen.readable = bool(words.lines)
            seen.sketch = sketch("\n".join(words.lines))
            if kind in photo.KINDS:
                said = photo.facts(at)
                seen.taken_on, seen.has_place = said.taken_on, said.has_place

    try:
        seen.kind = judge(path, name, look=look)
    except UnreadableFile as fault:
        raise FileRefused(fault.code, **fault.params) from fault
    seen.scan = scan(path, name)
    return seen


def _look(path: Path, name: str, kind: str) -> Glance:
    """Take the first words of one file (also of one in an archive).

    :raises FileRefused: ``files.classified`` when it bears a mark and the installation is not declared for such.
    """
    if kind == "pdf":
        preview.check_pdf(path)
    if kind in photo.KINDS:
        photo.facts(path)
    words = glance(path, kind)
    if not settings.BIHUAN_CLASSIFIED and (mark := mark_in(words.lines, top=words.top, name=name)):
        raise FileRefused("files.classified", word=mark)
    return words
