"""Find the parts of a Word document by its relations.

Archive ─Package→ parsed main part, styles, numbering, notes, headers, footers
Source: ECMA-376 Part 2 (packages), Part 1 annex A (strict and transitional names).
"""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from bihuan.core.source import UnreadableFile
from bihuan.formats import archive, markup
from bihuan.formats.markup import Element

_STRICT = b"http://purl.oclc.org/ooxml/"
_OFFICE = b"http://schemas.openxmlformats.org/"
# What a "strict" file calls by other names, brought to the usual ones before parsing.
_STRICT_NAMES = (
    (_STRICT + b"wordprocessingml/main", _OFFICE + b"wordprocessingml/2006/main"),
    (_STRICT + b"officeDocument/relationships", _OFFICE + b"officeDocument/2006/relationships"),
)


class Package:
    """The parts of the file and how the main part refers to them."""

    def __init__(self, opened: archive.Archive) -> None:
        self._entries = opened.entries
        types = self._entries.get("[Content_Types].xml", b"")
        if b"macroEnabled" in types:
            raise UnreadableFile("formats.macros", part="[Content_Types].xml")
        found = [target for kind, target in self._relations("_rels/.rels", "") if kind == "officeDocument"]
        self.main = next((target for target in found if target in self._entries), "word/document.xml")
        if self.main not in self._entries:
            raise UnreadableFile("formats.not-word", part=self.main)
        folder, base = posixpath.split(self.main)
        self._parts = self._relations(posixpath.join(folder, "_rels", base + ".rels"), folder)

    def root(self, part: str) -> Element:
        """Return the parsed part."""
        data = self._entries[part]
        if _STRICT in data:
            for strict, usual in _STRICT_NAMES:
                data = data.replace(strict, usual)
        return markup.parse(data, part=part)

    def roots(self, kind: str) -> Iterator[Element]:
        """Yield the parsed parts that the main part refers to as `kind` (styles, numbering, header …)."""
        for found, target in self._parts:
            if found == kind and target in self._entries:
                yield self.root(target)

    def _relations(self, part: str, folder: str) -> list[tuple[str, str]]:
        """Return (kind, part) of the relations inside the file; what lies outside it is never followed."""
        if part not in self._entries:
            return []
        found = []
        for node in markup.parse(self._entries[part], part=part):
            if node.get("TargetMode") == "External":
                continue
            target = unquote(node.get("Target") or "")
            path = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found.append((str(node.get("Type") or "").rsplit("/", 1)[-1], path))
        return found
