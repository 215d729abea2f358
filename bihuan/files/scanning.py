"""Ask ClamAV about a file, where it runs: its bytes go to clamd in pieces over a socket.

The protocol is four lines, so no library stands between; source: clamd(8), INSTREAM.
"""

import logging
import socket
import struct
from contextlib import closing
from pathlib import Path

from django.conf import settings

from bihuan.files.store import FileRefused

LOGGER = logging.getLogger(__name__)
CLEAN, UNSCANNED = "clean", "none"
_USUAL = ("/run/clamav/clamd.ctl", "/var/run/clamav/clamd.ctl", "/run/clamd.scan/clamd.sock")
_SECONDS = 60
_CHUNK = 1 << 17


def scan(path: Path, name: str) -> str:
    """Return `CLEAN`, or `UNSCANNED` when no scanner answers or it does not look at files of this size.

    :raises FileRefused: ``files.harmful`` with what the scanner calls it.
    """
    address = _address()
    if not address:
        return UNSCANNED
    try:
        answer = _asked(address, path)
    except OSError as error:
        LOGGER.warning("clamd does not answer at %s: %s", address, error)
        return UNSCANNED
    if answer.endswith("FOUND"):
        found = answer.removeprefix("stream:").removesuffix("FOUND").strip()
        raise FileRefused("files.harmful", name=name, found=found)
    return CLEAN if answer.endswith("OK") else UNSCANNED


def _address() -> str:
    """Return the configured address of clamd, else the usual socket that is there; ``off`` turns it off."""
    said = str(getattr(settings, "BIHUAN_CLAMD", ""))
    if said:
        return "" if said == "off" else said
    return next((place for place in _USUAL if Path(place).is_socket()), "")


def _asked(address: str, path: Path) -> str:
    with closing(_connected(address)) as link, path.open("rb") as file:
        link.sendall(b"zINSTREAM\0")
        try:
            while chunk := file.read(_CHUNK):
                link.sendall(struct.pack("!L", len(chunk)) + chunk)
            link.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it stops listening where its own limit is reached, and says so
        answer = b""
        while not answer.endswith(b"\0") and (piece := link.recv(4096)):
            answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    """Open a connection to ``/path/of/socket`` or ``host:port``."""
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(_SECONDS)
        try:
            link.connect(address)
        except OSError:
            link.close()
            raise
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)
