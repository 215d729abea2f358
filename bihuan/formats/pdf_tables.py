"""Find the ruled tables of a PDF page and put their characters into cells.

rules + glyphs ─take_tables→ rows as printed lines with cells, and the glyphs that stand in no table
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bihuan.formats.lines import join_lines
from bihuan.formats.pdf_lines import Glyph, PrintedLine, print_lines

_THIN = 3.0
_LONG = 6.0
_NEAR = 2.5
_MOST_COLUMNS = 60
_MOST_RULES = 6_000


class Rule(NamedTuple):
    """A straight line, or the box of a drawn shape, in points: edges left, bottom, right, top."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class _Grid:
    """One table: its column edges from the left, its row edges from the top, and the rules that part them."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]


def take_tables(
    glyphs: list[Glyph], rules: Sequence[Rule], page: int
) -> tuple[list[Glyph], list[PrintedLine]]:
    """Return the glyphs outside all tables, and the rows of the tables."""
    rows: list[PrintedLine] = []
    for grid in _grids(rules):
        inside = [g for g in glyphs if _within(g, grid)]
        if inside:
            kept = set(map(id, inside))
            glyphs = [g for g in glyphs if id(g) not in kept]
            rows += _rows(grid, inside, page)
    return glyphs, rows


def _within(glyph: Glyph, grid: _Grid) -> bool:
    middle = (glyph.x0 + glyph.x1) / 2
    height = glyph.y + 0.25 * glyph.height
    return grid.columns[0] < middle < grid.columns[-1] and grid.rows[-1] < height < grid.rows[0]


def _grids(rules: Sequence[Rule]) -> list[_Grid]:
    """Return the tables that the rules draw: groups that touch, with two columns or more."""
    edges = [edge for rule in rules for edge in _edges(rule)]
    if not 4 <= len(edges) <= _MOST_RULES:
        return []
    grids = []
    for group in _groups(edges):
        across = tuple(rule for rule in group if rule.x1 - rule.x0 >= rule.y1 - rule.y0)
        down = tuple(rule for rule in group if rule.x1 - rule.x0 < rule.y1 - rule.y0)
        columns = _levels([(rule.x0 + rule.x1) / 2 for rule in down])
        rows = _levels([(rule.y0 + rule.y1) / 2 for rule in across])[::-1]
        if 3 <= len(columns) <= _MOST_COLUMNS and len(rows) >= 2:
            grids.append(_Grid(tuple(columns), tuple(rows), across, down))
    return sorted(grids, key=lambda grid: -grid.rows[0])


def _edges(rule: Rule) -> list[Rule]:
    """Return the straight edges of a shape: itself when thin, its four sides when it is a box."""
    width, height = rule.x1 - rule.x0, rule.y1 - rule.y0
    if min(width, height) <= _THIN:
        return [rule] if max(width, height) >= _LONG else []
    return [
        Rule(rule.x0, rule.y0, rule.x1, rule.y0),
        Rule(rule.x0, rule.y1, rule.x1, rule.y1),
        Rule(rule.x0, rule.y0, rule.x0, rule.y1),
        Rule(rule.x1, rule.y0, rule.x1, rule.y1),
    ]


def _groups(edges: list[Rule]) -> list[list[Rule]]:
    """Return the edges in groups that overlap in height, each group a table or a lone rule.

    Tables side by side are rare in these documents and would be read as one with an empty column between.
    """
    groups: list[list[Rule]] = []
    bottom = float("-inf")
    for edge in sorted(edges, key=lambda rule: -rule.y1):
        if groups and edge.y1 >= bottom - _NEAR:
            groups[-1].append(edge)
            bottom = min(bottom, edge.y0)
        else:
            groups.append([edge])
            bottom = edge.y0
    return groups


def _levels(values: list[float]) -> list[float]:
    """Return the distinct positions, those closer than a rule's width taken as one."""
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > _NEAR:
            levels.append(value)
    return levels


def _rows(grid: _Grid, glyphs: list[Glyph], page: int) -> list[PrintedLine]:
    width, depth = len(grid.columns) - 1, len(grid.rows) - 1
    homes = _homes(grid)
    cells: dict[tuple[int, int], list[Glyph]] = {}
    falling = [-y for y in grid.rows]
    for glyph in glyphs:
        column = _band(grid.columns, (glyph.x0 + glyph.x1) / 2)
        row = _band(falling, -(glyph.y + 0.25 * glyph.height))
        cells.setdefault(homes[row, column], []).append(glyph)
    lines = []
    for row in range(depth):
        texts = tuple(_text(cells.get((row, column), []), page) for column in range(width))
        if any(texts):
            x0, x1, y = grid.columns[0], grid.columns[-1], grid.rows[row]
            lines.append(PrintedLine(page, x0, x1, y, 1.0, "\t".join(texts), ((x0, ""),), texts))
    return lines


def _homes(grid: _Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each place the first cell of the merged cell that covers it: no rule parts it from a neighbour."""
    down = _by_edge(grid.columns, [((r.x0 + r.x1) / 2, r) for r in grid.down])
    across = _by_edge(grid.rows, [((r.y0 + r.y1) / 2, r) for r in grid.across])
    homes: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(grid.rows) - 1):
        y = (grid.rows[row] + grid.rows[row + 1]) / 2
        for column in range(len(grid.columns) - 1):
            x = (grid.columns[column] + grid.columns[column + 1]) / 2
            if column and not any(rule.y0 <= y <= rule.y1 for rule in down[column]):
                homes[row, column] = homes[row, column - 1]
            elif row and not any(rule.x0 <= x <= rule.x1 for rule in across[row]):
                homes[row, column] = homes[row - 1, column]
            else:
                homes[row, column] = (row, column)
    return homes


def _by_edge(edges: Sequence[float], rules: list[tuple[float, Rule]]) -> list[list[Rule]]:
    """Return the rules that lie on each edge of the grid."""
    return [[rule for at, rule in rules if abs(at - edge) <= _NEAR] for edge in edges]


def _band(edges: Sequence[float], value: float) -> int:
    """Return the band between two rising edges in which `value` lies."""
    return max(min(bisect_right(edges, value) - 1, len(edges) - 2), 0)


def _text(glyphs: list[Glyph], page: int) -> str:
    return join_lines([line.text.replace("\t", " ") for line in print_lines(glyphs, page)])
