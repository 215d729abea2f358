"""Read plain text in the encodings that Chinese offices use.

bytes ─decode→ str (UTF-8, GB18030, UTF-16; a byte order mark is believed) ─read→ one Line a line
"""

import re
from dataclasses import dataclass

from bihuan.core.source import Params, Place, Remark, Source, UnreadableFile
from bihuan.formats.lines import LineCollector

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Letters, digits, Chinese characters and their punctuation; what wrongly decoded text hardly holds.
_PLAIN = re.compile(r"[\t\r\n -~\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e\u2010-\u2027\u2460-\u249b]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
_PROBE = 40_000
_PLAIN_ENOUGH = 0.8
_SPOILT = 0.05
_CONTROLS = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was in.

    `lost` counts characters that could not be decoded and stand as U+FFFD.
    """

    text: str
    encoding: str
    lost: int = 0


def decode(data: bytes) -> Decoded:
    """Return `data` as text, in the best encoding when it is damaged.

    :raises UnreadableFile: formats.not-text when no encoding makes text of it
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_forced(data[len(mark) :], encoding))
    if b"\0" in data:
        return _checked(_best(data, ("utf-16-le", "utf-16-be", "utf-8", "gb18030")))
    for encoding in ("utf-8", "gb18030"):
        try:
            return _checked(Decoded(data.decode(encoding), encoding))
        except UnicodeDecodeError:
            continue
    return _checked(_best(data, ("utf-8", "gb18030", "utf-16-le", "utf-16-be")))


def _forced(data: bytes, encoding: str) -> Decoded:
    """Decode and count what was lost; a replacement character that the text itself holds is counted too."""
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _best(data: bytes, encodings: tuple[str, ...]) -> Decoded:
    """Choose the encoding whose first characters look most like text; the first named wins a draw."""
    probe = data[:_PROBE]
    shares = {encoding: _plain_share(probe.decode(encoding, "replace")) for encoding in encodings}
    best = max(encodings, key=lambda encoding: shares[encoding])
    # Any pair of bytes is some character of UTF-16: without a mark it must look like text to be believed.
    if best.startswith("utf-16") and shares[best] < _PLAIN_ENOUGH:
        raise UnreadableFile("formats.not-text")
    return _forced(data, best)


def _plain_share(text: str) -> float:
    return len(_PLAIN.findall(text)) / max(len(text), 1)


def _checked(decoded: Decoded) -> Decoded:
    """Refuse what is no text; a stray NUL would be refused by databases, so it counts as a lost character."""
    text = decoded.text
    size = max(len(text), 1)
    controls = len(_CONTROL.findall(text))
    if decoded.lost / size > _SPOILT or controls / size > _CONTROLS:
        raise UnreadableFile("formats.not-text")
    if decoded.lost and _plain_share(text[:_PROBE]) < _PLAIN_ENOUGH:
        raise UnreadableFile("formats.not-text")
    if "\0" in text:
        return Decoded(text.replace("\0", "\ufffd"), decoded.encoding, decoded.lost + text.count("\0"))
    return decoded


def damage(decoded: Decoded) -> tuple[Remark, ...]:
    """Return a warning when characters were lost, with the first line that lost one."""
    if not decoded.lost:
        return ()
    before = decoded.text[: max(decoded.text.find("\ufffd"), 0)]
    place = Place(len((before + "x").splitlines()))
    params: Params = {"count": decoded.lost, "encoding": decoded.encoding, "line": place.line}
    return (Remark("formats.damaged-text", params, place),)


def read(name: str, data: bytes) -> Source:
    """Return the lines of a text file.

    :raises UnreadableFile: formats.not-text, formats.too-many-lines
    """
    decoded = decode(data)
    collector = LineCollector()
    for line in decoded.text.splitlines():
        collector.add(line)
    if not collector.lines:
        raise UnreadableFile("formats.no-text")
    return Source(name, "txt", tuple(collector.lines), decoded.encoding, damage(decoded))
