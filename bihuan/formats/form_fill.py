"""Read a form as a grid and fill its mapped cells, touching nothing else: other parts of the file stay byte for byte.

docx or xlsx ─read_form→ grid; + writes ─fill_form→ the same file with these cells filled
Source: ECMA-376 Part 1, 17.4 (tables), 18.3.1 (worksheets), 18.2.2 (calculation).
"""

import io
import zipfile
from collections.abc import Mapping, Sequence

from lxml import etree

from bihuan.core.form_mapping import GridTable, Write
from bihuan.core.source import UnreadableFile
from bihuan.formats import archive, form_docx, form_xlsx, limits, markup
from bihuan.formats.detect import sniff

KINDS = ("docx", "xlsx")


def read_form(name: str, data: bytes) -> tuple[str, tuple[GridTable, ...]]:
    """Return what the form is (docx or xlsx) and its tables.

    :raises UnreadableFile: formats.not-a-form for every other type, formats.form-without-table, and as of
        `archive.open_archive`
    """
    kind, parts = _opened(name, data)
    grid = form_docx.grid(parts) if kind == "docx" else form_xlsx.grid(parts)
    if not grid:
        raise UnreadableFile("formats.form-without-table", name=name)
    return kind, grid


def fill_form(name: str, data: bytes, writes: Sequence[Write]) -> bytes:
    """Return the form with its cells filled.

    :raises Refused: forms.place, forms.no-room, forms.formula
    :raises UnreadableFile: as of `read_form`
    """
    kind, parts = _opened(name, data)
    changed = form_docx.fill(parts, writes) if kind == "docx" else form_xlsx.fill(parts, writes)
    return _packed(data, {part: _bytes(root, parts.raw[part]) for part, root in changed.items()})


def _opened(name: str, data: bytes) -> tuple[str, "Parts"]:
    limits.check_size(data)
    kind = sniff(data, name)
    if kind not in KINDS:
        raise UnreadableFile("formats.not-a-form", name=name)
    return kind, Parts(archive.open_archive(data).entries)


class Parts:
    """The parts of a file, parsed when asked for, with comments and instructions kept."""

    def __init__(self, raw: Mapping[str, bytes]) -> None:
        self.raw = raw
        self._roots: dict[str, markup.Element] = {}

    def root(self, part: str) -> markup.Element:
        """Return the root element of a part.

        :raises UnreadableFile: formats.broken-xml, formats.doctype
        """
        if part not in self._roots:
            if part not in self.raw:
                raise UnreadableFile("formats.broken-xml", part=part)
            markup.parse(self.raw[part], part=part)  # judged by the strict reader first
            keeping = etree.XMLParser(
                resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            )
            self._roots[part] = etree.fromstring(self.raw[part], keeping)
        return self._roots[part]


def _bytes(root: markup.Element, old: bytes) -> bytes:
    tree = root.getroottree()
    if b"standalone=" in old[:200]:
        return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _packed(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Return the container with some parts changed; order, names, times and all other bytes as they were."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            content = changed.get(info.filename)
            new.writestr(
                info, old.read(info) if content is None else content, compress_type=info.compress_type
            )
    return made.getvalue()
