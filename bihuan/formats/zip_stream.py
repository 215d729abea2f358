"""A zip written while it is sent: entries in pieces ─stream→ bytes; never more than one piece in memory.

Entries are stored, not deflated: evidence is nearly all compressed already, and the sender's time counts.
"""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime


def stream(entries: Iterable[tuple[str, Iterable[bytes]]], *, at: datetime) -> Iterator[bytes]:
    """Yield a zip that holds the entries in their order, all of the moment `at`."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, pieces in entries:
            info = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as entry:
                for piece in pieces:
                    entry.write(piece)
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()


class _Sink:
    """What a zip is written to, emptied by whoever sends it; it cannot go back."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Keep what was written until it is taken."""

    def close(self) -> None:
        """End; what was written is still to be taken."""

    def taken(self) -> bytes:
        """Give what was written since, and forget it."""
        found = bytes(self._held)
        self._held.clear()
        return found
