"""What a photo says of itself, and a safe copy of it: decoded under limits and written anew, without what it carried.

path ─facts→ day and whether it names a place (never which) · path ─picture→ PNG or JPEG of our own
"""

import io
import re
import warnings
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from bihuan.core.source import UnreadableFile

KINDS = frozenset({"png", "jpeg", "gif", "tiff", "webp", "bmp"})
PIXELS = 80_000_000  # a phone's largest photo has 50 million
_DAY = re.compile(r"(\d{4}):(\d{1,2}):(\d{1,2})", re.ASCII)
_FORMATS = tuple(kind.upper() for kind in KINDS)
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _DIGITISED = 0x9003, 0x9004
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    UnidentifiedImageError,
    Image.DecompressionBombError,
)


@dataclass(frozen=True, slots=True)
class Photo:
    """The day that a photo says it was taken on (None: it says none), and whether it names a place."""

    taken_on: date | None = None
    has_place: bool = False


def facts(path: Path) -> Photo:
    """Return what a photo says of itself; the pixels are not decoded.

    :raises UnreadableFile: ``files.picture-broken``, ``files.picture-too-large``
    """
    with _opened(path) as image:
        try:
            exif = image.getexif()
            detail = exif.get_ifd(_EXIF)
            said = detail.get(_TAKEN) or detail.get(_DIGITISED)
            return Photo(_day(said), bool(exif.get_ifd(_GPS)))
        except _DAMAGE:
            return Photo()


def picture(path: Path, *, longest: int) -> bytes:
    """Return the picture as JPEG or PNG (where it is transparent), at most `longest` pixels a side, upright.

    :raises UnreadableFile: ``files.picture-broken``, ``files.picture-too-large``
    """
    with _opened(path) as image:
        try:
            image.draft("RGB", (longest, longest))
            upright = ImageOps.exif_transpose(image)
            return encoded(upright, longest=longest)
        except _DAMAGE as error:
            raise UnreadableFile("files.picture-broken") from error


def encoded(image: Any, *, longest: int) -> bytes:
    """Return an image scaled down to `longest` and written anew: only its pixels go over."""
    image.thumbnail((longest, longest))
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    fresh = image.convert("RGBA" if clear else "RGB")
    fresh.info.clear()
    sink = io.BytesIO()
    fresh.save(sink, "PNG" if clear else "JPEG", **({} if clear else {"quality": 82}))
    return sink.getvalue()


def _opened(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(path, formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise UnreadableFile("files.picture-too-large", limit=PIXELS // 1_000_000) from error
        except _DAMAGE as error:
            raise UnreadableFile("files.picture-broken") from error
    if image.width * image.height > PIXELS:
        image.close()
        raise UnreadableFile("files.picture-too-large", limit=PIXELS // 1_000_000)
    return image


def _day(said: Any) -> date | None:
    """Return the day of ``2026:06:12 10:11:12``; zeros and blanks, as cameras without a clock write, are none."""
    if not isinstance(said, str) or (found := _DAY.match(said.strip("\0 ")[:10])) is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
