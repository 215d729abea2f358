"""Turn a page into blocks of text, each knowing where it stood.

text ─lexbor→ nodes ─page_blocks→ Block, Block, … in reading order
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bihuan.core.source import UnreadableFile
from bihuan.formats import limits
from bihuan.formats.lines import tidy

_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "select", "option",
     "textarea", "head", "canvas", "audio", "video", "map", "rt", "rp", "-comment", "_comment",
     "button", "input"}
)  # fmt: skip
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i",
     "img", "ins", "kbd", "label", "mark", "q", "ruby", "rb", "s", "samp", "small", "span", "strike",
     "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p", "st1:chsdate"}
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_TITLE_NAMES = frozenset({"articletitle", "og:title", "title", "twitter:title"})
_LONG_CELL = 400
_MOST_COLUMNS = 200


@dataclass(slots=True)
class Block:
    """One paragraph or table row. `path` holds the numbers of the elements around it, outermost first.

    `linked` counts the characters that are links; `marks` are the tags, classes and ids around it.
    """

    text: str
    path: tuple[int, ...]
    marks: str
    linked: int = 0
    level: int | None = None
    cells: tuple[str, ...] = ()
    cell: str | None = None


@dataclass(slots=True)
class Page:
    """The blocks of a page and what its head calls it."""

    blocks: list[Block]
    titles: tuple[str, ...] = ()


@dataclass(slots=True)
class _Walk:
    """What is known while walking: the paragraph being put together and the elements around it."""

    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    linked: int = 0
    path: list[int] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    level: int | None = None
    elements: int = 0
    tables: int = 0
    steps: int = 0  # from the body to each block so far, all counted
    kept: int = 0  # how many elements around keep line breaks as written

    def flush(self) -> None:
        """End the paragraph."""
        joined = "".join(self.text)
        for piece in joined.split("\n"):
            text = tidy(_SPACE.sub(" ", piece))
            if text:
                linked = min(self.linked, len(text))
                self.steps += len(self.path)
                if self.steps > limits.HTML_STEPS:
                    raise UnreadableFile("formats.too-many-elements", limit=limits.HTML_ELEMENTS)
                self.blocks.append(Block(text, tuple(self.path), " ".join(self.marks), linked, self.level))
        self.text, self.linked = [], 0


def page_blocks(text: str) -> Page:
    """Return the visible blocks of a page.

    :raises UnreadableFile: formats.too-deep, formats.too-many-elements
    """
    _refuse_hostile(text)
    tree = LexborHTMLParser(text)
    walk = _Walk()
    if tree.body is not None:
        _visit(tree.body, walk, depth=0, linked=False)
        walk.flush()
    titles = [_clean(node.text()) for node in tree.css("head title")]
    for node in tree.css("meta[content]"):
        key = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        if key in _TITLE_NAMES:
            titles.append(_clean(node.attributes.get("content") or ""))
    return Page(walk.blocks, tuple(dict.fromkeys(filter(None, titles))))


#: Elements that may stay open without holding what follows.
_LEFT_OPEN = (
    "html head body p li dt dd td th tr thead tbody tfoot colgroup option optgroup rt rp br hr img input meta link area"
    " base col embed source track wbr param"
)
_NOT_HOLDING = frozenset(_LEFT_OPEN.split())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")


def _refuse_hostile(text: str) -> None:
    """Refuse what is open in itself so often that the parser would need a time that grows with the square.

    :raises UnreadableFile: formats.too-deep
    """
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() not in _NOT_HOLDING:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > limits.HTML_OPEN:
                raise UnreadableFile("formats.too-deep", limit=limits.HTML_DEPTH)


def _clean(text: str) -> str:
    return tidy(_SPACE.sub(" ", text))


def _visit(node: LexborNode, walk: _Walk, *, depth: int, linked: bool) -> None:
    """Walk the children of `node`."""
    if depth > limits.HTML_DEPTH:
        raise UnreadableFile("formats.too-deep", limit=limits.HTML_DEPTH)
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            text = child.text_content or ""
            text = text.replace("\r", "") if walk.kept else _SPACE.sub(" ", text)
            walk.text.append(text)
            walk.linked += len(text.strip()) if linked else 0
            continue
        walk.elements += 1
        if walk.elements > limits.HTML_ELEMENTS:
            raise UnreadableFile("formats.too-many-elements", limit=limits.HTML_ELEMENTS)
        if tag in _UNSEEN or _is_hidden(child):
            continue
        if tag in ("br", "hr"):
            walk.text.append("\n")
        elif tag in _INLINE:
            _visit(child, walk, depth=depth + 1, linked=linked or tag == "a")
        else:
            _visit_block(child, tag, walk, depth=depth, linked=linked)


def _visit_block(node: LexborNode, tag: str, walk: _Walk, *, depth: int, linked: bool) -> None:
    walk.flush()
    attributes = node.attributes
    walk.path.append(walk.elements)
    walk.marks.append(f"{tag} {attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower())
    before, walk.level = walk.level, _HEADINGS.get(tag, walk.level)
    walk.kept += tag == "pre"
    if tag == "table" and _holds_data(node):
        _rows(node, walk, depth=depth)
    else:
        _visit(node, walk, depth=depth + 1, linked=linked)
    walk.flush()
    walk.level = before
    walk.kept -= tag == "pre"
    walk.path.pop()
    walk.marks.pop()


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _holds_data(table: LexborNode) -> bool:
    """Tell a table of data from one that only lays out the page."""
    if len(table.css("table")) > 1 or table.css_first("nav, form, h1, h2, ul, article") is not None:
        return False
    counts = [len(list(_cells(row))) for row in table.css("tr")]
    if len(counts) < 2 or sum(1 for count in counts if count >= 2) < 2:
        return False
    texts = [len(_clean(cell.text())) for row in table.css("tr") for cell in _cells(row)]
    # In a layout table one cell holds the page; in a plan no single cell holds most of the words.
    return max(texts) < max(_LONG_CELL, 0.6 * sum(texts))


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in ("td", "th"))


def _rows(table: LexborNode, walk: _Walk, *, depth: int) -> None:
    """Add the rows of a data table; what a merged cell covers is empty."""
    walk.tables += 1
    covered: dict[int, int] = {}
    for number, row in enumerate(table.css("tr"), 1):
        texts: list[str] = []
        linked = 0
        for cell in _cells(row):
            _skip_covered(texts, covered)
            inner = _Walk(elements=walk.elements)
            _visit(cell, inner, depth=depth + 1, linked=False)
            inner.flush()
            walk.elements = inner.elements
            room = max(_MOST_COLUMNS - len(texts), 1)
            width, height = _span(cell, "colspan", room), _span(cell, "rowspan", 5_000)
            for column in range(len(texts), len(texts) + width):
                covered[column] = max(covered.get(column, 0), height)
            texts += [" ".join(block.text for block in inner.blocks), *[""] * (width - 1)]
            linked += sum(block.linked for block in inner.blocks)
        _skip_covered(texts, covered)
        covered = {column: height - 1 for column, height in covered.items() if height > 1}
        text = tidy("\t".join(texts))
        if text:
            place = f"T{walk.tables}!A{number}"
            walk.blocks.append(
                Block(text, tuple(walk.path), " ".join(walk.marks), linked, cells=tuple(texts), cell=place)
            )


def _skip_covered(texts: list[str], covered: dict[int, int]) -> None:
    while covered.get(len(texts), 0) > 0:
        texts.append("")


def _span(cell: LexborNode, name: str, limit: int) -> int:
    text = (cell.attributes.get(name) or "").strip()
    return max(min(int(text), limit), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1
