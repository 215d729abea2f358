"""The folder of bytes: temporary file, fsync, rename, then the row; a name is the content's SHA-256."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bihuan.core.refusal import Refused


class FileRefused(Refused):
    """A file was not taken; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A content that lies in the store."""

    sha256: str
    size: int
    path: Path


def path_of(sha256: str) -> Path:
    """Return where the content of `sha256` lies (or would lie)."""
    return Path(settings.BIHUAN_FILES) / sha256[:2] / sha256[2:4] / sha256


def keep(chunks: Iterable[bytes], *, limit: int) -> Kept:
    """Write the chunks under their hash and return it; never holds more than one chunk in memory.

    A crash leaves at most a file under ``incoming/``, which `actions.sweep` removes. The same content
    twice is kept once.

    :raises FileRefused: ``files.too-large`` over `limit` bytes, ``files.empty``, ``files.no-room`` on a full disk.
    """
    incoming = Path(settings.BIHUAN_FILES) / "incoming"
    digest, size = hashlib.sha256(), 0
    try:
        incoming.mkdir(parents=True, exist_ok=True)
        fresh = incoming / secrets.token_hex(16)
        try:
            with fresh.open("xb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise FileRefused("files.too-large", limit_mb=limit // (1024 * 1024))
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if size == 0:
                raise FileRefused("files.empty")
            target = path_of(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh.replace(target)
            sync_folder(target.parent)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise FileRefused("files.no-room") from error
    return Kept(digest.hexdigest(), size, target)


def sync_folder(folder: Path) -> None:
    """Bring a renamed file's new name to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify(sha256: str) -> bool:
    """Read the content again and return whether it still has its hash. Reads the whole file."""
    digest = hashlib.sha256()
    try:
        with path_of(sha256).open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except OSError:
        return False
    return digest.hexdigest() == sha256


def leftovers(*, older_than: float) -> Iterator[Path]:
    """Give the files of uploads that were cut off, and every content, last touched before `older_than` (seconds since
    1970); which of the contents belong to nothing is for the caller to say."""
    for path in Path(settings.BIHUAN_FILES).glob("*/*"):
        if path.parent.name == "incoming":
            if path.stat().st_mtime < older_than:
                yield path
            continue
        yield from (one for one in path.glob("*") if one.stat().st_mtime < older_than)
