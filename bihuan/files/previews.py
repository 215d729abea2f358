"""Previews of kept files, made once and kept beside the store by hash; they can be removed at any time.

StoredFile ─pages→ how many pictures · ─picture→ one of them · ─words→ its lines, rows of tables as cells
"""

import json
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse

from bihuan.core.refusal import NotVisible
from bihuan.core.source import Line, UnreadableFile
from bihuan.files.models import StoredFile
from bihuan.files.store import path_of
from bihuan.formats import preview

#: A line of text, or the cells of a row.
Shown = str | list[str]


def pages(file: StoredFile, kind: str) -> int:
    """Return how many pictures there are of a file."""
    kept = _kept(file, "pages", lambda: str(preview.pages_of(_path(file), kind)).encode())
    return int(kept)


def picture(file: StoredFile, kind: str, page: int) -> HttpResponse:
    """Answer with a picture of one page: pixels of our own making, never the original.

    :raises NotVisible: ``files.no-preview``, ``files.gone``
    """
    try:
        content = _kept(file, f"page-{page}", lambda: preview.page_picture(_path(file), kind, page))
    except UnreadableFile as fault:
        raise NotVisible(fault.code, **fault.params) from fault
    type_ = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    answer = HttpResponse(content, content_type=type_)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def words(file: StoredFile, kind: str, name: str) -> list[Shown]:
    """Return the words of a file for showing."""
    made = _kept(
        file,
        "words",
        lambda: json.dumps([_plain(one) for one in preview.words(_path(file), kind, name)]).encode(),
    )
    found: list[Shown] = json.loads(made)
    return found


def sweep_previews(*, older_than: float) -> int:
    """Remove previews made before `older_than` (seconds since 1970); returns how many."""
    old = [path for path in _folder().glob("*/*") if path.stat().st_mtime < older_than]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _plain(one: Line | str) -> Shown:
    if isinstance(one, str):
        return one
    return list(one.cells) if one.role == "row" and one.cells else one.text


def _kept(file: StoredFile, what: str, make: Callable[[], bytes]) -> bytes:
    """Return what was made before, or make and keep it; a full disk only means that it is made again."""
    path = _folder() / file.sha256[:2] / f"{file.sha256}.{what}"
    try:
        return path.read_bytes()
    except OSError:
        content = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError:
        pass
    return content


def _path(file: StoredFile) -> Path:
    path = path_of(file.sha256)
    if not path.exists():
        raise NotVisible("files.gone")
    return path


def _folder() -> Path:
    return Path(settings.BIHUAN_FILES).with_name("previews")
