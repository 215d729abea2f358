"""Files on their way in: one file an upload, appended to in order; its size on disk is the truth about how far it is.

chunks ─append→ ``incoming/<token>`` ─seal→ hash, fsync, rename into the store
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from bihuan.core.refusal import Conflict
from bihuan.files.store import FileRefused, Kept, path_of, sync_folder

CHUNK = 1 << 20


class OffsetRefused(Conflict):
    """A chunk does not begin where the file on the server ends; `params` holds the true `offset`."""


def part_of(token: str) -> Path:
    """Return where the bytes of an upload lie until it is whole."""
    return Path(settings.BIHUAN_FILES) / "incoming" / token


def received(token: str) -> int:
    """Return how many bytes are there."""
    try:
        return part_of(token).stat().st_size
    except FileNotFoundError:
        return 0


def append(token: str, chunks: Iterable[bytes], *, offset: int, size: int) -> int:
    """Write the chunks at `offset` and return how many bytes are there now; a cut leaves what had arrived.

    :raises OffsetRefused: ``files.upload-offset`` when it is not where the file ends, ``files.upload-busy`` while
        another request writes the same file.
    :raises FileRefused: ``files.upload-too-much`` beyond `size`, ``files.no-room`` on a full disk.
    """
    with held(token) as file:
        end = file.seek(0, os.SEEK_END)
        if offset != end:
            raise OffsetRefused("files.upload-offset", offset=end, sent=offset)
        try:
            for chunk in chunks:
                if end + len(chunk) > size:
                    raise FileRefused("files.upload-too-much", size=size)
                file.write(chunk)
                end += len(chunk)
        except OSError as error:
            raise FileRefused("files.no-room") from error
        finally:
            _settle(file)
    return end


def seal(token: str) -> Kept:
    """Move a whole part into the store under its hash; one pass over the file.

    :raises FileRefused: ``files.no-room`` when the disk cannot take it.
    """
    part, digest, size = part_of(token), hashlib.sha256(), 0
    try:
        with part.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
            os.fsync(file.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)
        target.touch()  # the age of a content counts from here, see `actions.sweep`
        sync_folder(target.parent)
    except OSError as error:
        raise FileRefused("files.no-room") from error
    return Kept(digest.hexdigest(), size, target)


def drop(token: str) -> None:
    """Remove what is there of an upload."""
    part_of(token).unlink(missing_ok=True)


@contextmanager
def held(token: str) -> Iterator[BinaryIO]:
    """Open the part for one writer only."""
    part = part_of(token)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("ab")
    except OSError as error:
        raise FileRefused("files.no-room") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OffsetRefused("files.upload-busy", offset=received(token)) from error
        yield file


def _settle(file: BinaryIO) -> None:
    """Bring what was written to the disk, so that the size never promises bytes that a power cut takes back."""
    try:
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        raise FileRefused("files.no-room") from error
