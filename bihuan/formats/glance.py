"""Take the words of a file from disk, far enough to look for marks and likeness; never the whole file in memory.

path ─READERS[kind]→ lines in their order, at most `CHARACTERS`; () where a kind holds no words (pictures, scans)

Unlike the readers of `formats.READERS`, places, tables and numbering do not matter here, and no program is called.
"""

import itertools
import mmap
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pypdfium2
from lxml import etree

from bihuan.core.source import UnreadableFile
from bihuan.formats import limits
from bihuan.formats.pdf import LOCK as PDFIUM
from bihuan.formats.txt import decode

CHARACTERS = 200_000
PAGES = 40
_BYTES = 1 << 20
_HAN = re.compile(
    "[ -~\t\r\n\u2000-\u206f\u2460-\u24ff\u2605\u2606\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{2,}"
)
_RTF = re.compile(
    rb"\\u(-?\d+) ?\??(?:\\'[0-9a-f]{2})*|((?:\\'[0-9a-f]{2})+)|\\(par|line|cell|tab)\b ?"
    rb"|\\[a-z]+-?\d* ?|[{}\r\n]|([^\\{}\r\n]+)"
)
_DAMAGE = (
    OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error,
    etree.XMLSyntaxError, pypdfium2.PdfiumError, UnreadableFile,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Glance:
    """The first words of a file: its lines, and how many of them may bear a bare classification mark."""

    lines: tuple[str, ...] = ()
    top: int = 0


def glance(path: Path, kind: str) -> Glance:
    """Return the words of the file at `path`; empty for a kind without words, or when it cannot be read."""
    reader, top = READERS.get(kind, (None, 0))
    if reader is None:
        return Glance()
    lines: list[str] = []
    room = CHARACTERS
    try:
        for line in reader(path):
            if text := line.strip():
                lines.append(text[:room])
                room -= len(text)
            if room <= 0:
                break
    except _DAMAGE:
        pass  # its words are what was found before the damage
    return Glance(tuple(lines), top)


def _pdf(path: Path) -> Iterator[str]:
    """Yield the lines of the first pages."""
    pages = []
    with PDFIUM, closing(pypdfium2.PdfDocument(path)) as document:
        for number in range(min(len(document), PAGES)):
            with closing(document[number]) as page, closing(page.get_textpage()) as words:
                pages.append(words.get_text_bounded())
    return itertools.chain.from_iterable(page.splitlines() for page in pages)


def _parts(path: Path, names: Callable[[list[str]], Iterable[str]], ends: tuple[str, ...]) -> Iterator[str]:
    """Yield the paragraphs of some parts of a zip, read as a stream."""
    with zipfile.ZipFile(path) as file:
        for name in names(file.namelist()):
            if file.getinfo(name).file_size > limits.XML_PART_BYTES:
                continue
            with file.open(name) as part:
                yield from _paragraphs(part, ends)


def _paragraphs(part: object, ends: tuple[str, ...]) -> Iterator[str]:
    """Yield the text of each element that ends a paragraph; forgets what was read."""
    words: list[str] = []
    whole = "h" in ends
    events = etree.iterparse(
        part, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for _, node in events:
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        if tag in ("t", "TextCode") and node.text:
            words.append(node.text)
        if tag in ends:
            yield "".join(node.itertext() if whole else words)
            words.clear()
            node.clear()
    yield "".join(words)


def _docx(path: Path) -> Iterator[str]:
    def names(known: list[str]) -> Iterable[str]:
        heads = sorted(name for name in known if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name))
        return (*heads, "word/document.xml")

    return _parts(path, names, ("p",))


def _pptx(path: Path) -> Iterator[str]:
    def names(known: list[str]) -> Iterable[str]:
        slides = (re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name) for name in known)
        return [found[0] for found in sorted(filter(None, slides), key=lambda found: int(found[1]))]

    return _parts(path, names, ("p",))


def _xlsx(path: Path) -> Iterator[str]:
    def names(known: list[str]) -> Iterable[str]:
        sheets = sorted(name for name in known if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
        return [name for name in ("xl/sharedStrings.xml",) if name in known] + sheets

    return _parts(path, names, ("si", "is"))


def _open_document(path: Path) -> Iterator[str]:
    return _parts(
        path, lambda known: [name for name in ("styles.xml", "content.xml") if name in known], ("p", "h")
    )


def _ofd(path: Path) -> Iterator[str]:
    def names(known: list[str]) -> Iterable[str]:
        return sorted((n for n in known if n.endswith("Content.xml")), key=lambda n: (len(n), n))

    return _parts(path, names, ("TextObject",))


def _text(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        data = file.read(_BYTES)
    # A character may be cut in two where the reading stopped.
    return iter(decode(data[: data.rfind(b"\n") + 1] if len(data) == _BYTES else data).text.splitlines())


def _compound(path: Path) -> Iterator[str]:
    """Yield the runs of Chinese and Latin text in an old office file, where it keeps them as UTF-16."""
    room = CHARACTERS
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for start in range(512, min(len(data), 64 * _BYTES), _BYTES):
            for run in _HAN.findall(data[start : start + _BYTES].decode("utf-16-le", "replace")):
                if any("\u4e00" <= one <= "\u9fff" for one in run):
                    room -= len(run)
                    yield from re.split(r"[\r\n\t\x07\x0b]+", run)
            if room <= 0:
                return


def _rtf(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        data = file.read(_BYTES)
    words: list[str] = []
    for code, bytes_, ends, plain in _RTF.findall(data):
        if code:
            words.append(chr(int(code) % 65536))
        elif bytes_:
            words.append(bytes.fromhex(bytes_.decode().replace("\\'", "")).decode("gb18030", "replace"))
        elif ends:
            yield "".join(words)
            words.clear()
        else:
            words.append(plain.decode("latin-1"))
    yield "".join(words)


Reader = Callable[[Path], Iterator[str]]
#: How the words of a kind are found, and among how many first lines a bare mark counts. Cells of a sheet and runs of an
#: old file are not in the order of the paper, so fewer of them count.
READERS: Mapping[str, tuple[Reader, int]] = MappingProxyType(
    {
        "pdf": (_pdf, 20), "docx": (_docx, 20), "pptx": (_pptx, 8), "xlsx": (_xlsx, 5), "odt": (_open_document, 20),
        "ods": (_open_document, 8), "odp": (_open_document, 8), "ofd": (_ofd, 20), "txt": (_text, 15),
        "rtf": (_rtf, 20), "doc": (_compound, 15), "xls": (_compound, 5), "ppt": (_compound, 8),
    }
)  # fmt: skip
