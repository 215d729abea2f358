"""Resolve paragraph styles of a Word document: outline level, list, hidden text.

styles.xml ─Styles→ what a paragraph style means, its parents followed
"""

from dataclasses import dataclass

from bihuan.formats.docx_numbering import W
from bihuan.formats.markup import Element

_MAX_PARENTS = 20


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style says: `outline` 1…9 for a heading, `list_id` and `list_level` of its automatic number."""

    outline: int | None = None
    list_id: str | None = None
    list_level: int | None = None
    hidden: bool = False
    alignment: str | None = None


class Styles:
    """The styles of one document."""

    def __init__(self, root: Element | None) -> None:
        nodes = [] if root is None else list(root.iter(f"{W}style"))
        self._nodes = {node.get(f"{W}styleId"): node for node in nodes}
        self._facts: dict[str | None, StyleFacts] = {}
        self.default = next(
            (
                n.get(f"{W}styleId")
                for n in nodes
                if n.get(f"{W}type") == "paragraph" and n.get(f"{W}default") in ("1", "true")
            ),
            None,
        )

    def facts(self, style: str | None) -> StyleFacts:
        """Return what `style` says, each fact from the nearest of it and its parents."""
        if style not in self._facts:
            self._facts[style] = self._resolve(style)
        return self._facts[style]

    def list_of_numbering_style(self) -> dict[str, str]:
        """Return the list that each numbering style stands for."""
        found = {}
        for name, node in self._nodes.items():
            number = node.find(f"{W}pPr/{W}numPr/{W}numId")
            if node.get(f"{W}type") == "numbering" and number is not None:
                found[name] = number.get(f"{W}val")
        return found

    def _resolve(self, style: str | None) -> StyleFacts:
        outline = list_id = list_level = hidden = alignment = None
        for _ in range(_MAX_PARENTS):
            node = self._nodes.get(style)
            if node is None:
                break
            outline = outline or _attribute(node, f"{W}pPr/{W}outlineLvl")
            list_id = list_id or _attribute(node, f"{W}pPr/{W}numPr/{W}numId")
            list_level = list_level or _attribute(node, f"{W}pPr/{W}numPr/{W}ilvl")
            hidden = hidden if hidden is not None else is_on(node.find(f"{W}rPr/{W}vanish"))
            alignment = alignment or _attribute(node, f"{W}pPr/{W}jc")
            style = _attribute(node, f"{W}basedOn")
        level = int(list_level) if list_level and list_level.isdigit() else None
        return StyleFacts(outline_level(outline), list_id, level, bool(hidden), alignment)


def outline_level(value: str | None) -> int | None:
    """Return the outline level 1…9 of w:outlineLvl, whose 0 is the first and 9 is body text."""
    return int(value) + 1 if value and value.isdigit() and len(value) == 1 and value != "9" else None


def is_on(node: Element | None) -> bool | None:
    """Return whether a switch element is on, None when it is absent."""
    return None if node is None else node.get(f"{W}val") not in ("0", "false", "off")


def _attribute(node: Element, path: str) -> str | None:
    found = node.find(path)
    value = None if found is None else found.get(f"{W}val")
    return None if value is None else str(value)
