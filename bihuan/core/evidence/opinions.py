"""The sheet of opinions that comes back: cells ─read_opinions→ opinions by piece, or every fault by its cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bihuan.core.source import NO_PARAMS, Params

LONGEST = 2000
_YES = frozenset({"是", "充分", "适当", "yes", "y", "√"})
_NO = frozenset({"否", "不充分", "不适当", "no", "n", "×"})


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was answered about the piece `mark`; None where nothing was."""

    mark: int
    row: int
    sufficient: bool | None
    appropriate: bool | None
    remark: str


@dataclass(frozen=True, slots=True)
class OpinionFault:
    """What is wrong in a cell."""

    cell: str
    code: str
    params: Params = field(default_factory=lambda: NO_PARAMS)


def read_opinions(
    rows: Iterable[tuple[int, Sequence[str]]], known: Mapping[str, Mapping[str, int]]
) -> tuple[list[Opinion], list[OpinionFault]]:
    """Return the opinions of a sheet, or its faults.

    `known` holds the pieces that the sheet may name: under ``mark`` by their hidden mark, under ``number`` by the
    number in the binder. Rows without an answer are passed over.
    """
    numbered = list(rows)
    columns, start = _header(numbered)
    if not columns:
        return [], [OpinionFault("1", "evidence.sheet-no-head")]
    found, faults, seen = [], [], dict[int, int]()
    for row, cells in numbered[start:]:
        one, wrong = _row(row, cells, columns, known)
        faults += wrong
        if one is None:
            continue
        if one.mark in seen:
            faults.append(OpinionFault(f"A{row}", "evidence.sheet-twice", {"row": seen[one.mark]}))
        seen[one.mark] = row
        found.append(one)
    return found, faults


_HEADS: Mapping[str, frozenset[str]] = {
    "number": frozenset({"编号", "No."}), "sufficient": frozenset({"是否充分", "Sufficient"}),
    "appropriate": frozenset({"是否适当", "Appropriate"}), "remark": frozenset({"意见", "Remark"}),
    "mark": frozenset({"标识（勿改）", "Mark (leave as it is)"}),
}  # fmt: skip


def _header(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[dict[str, int], int]:
    """Return where each column stands, and the index of the row below the head; nothing without a head."""
    for index, (_, cells) in enumerate(rows[:10]):
        columns = {
            key: at for at, cell in enumerate(cells) for key, words in _HEADS.items() if cell.strip() in words
        }
        if {"sufficient", "appropriate"} <= columns.keys() and columns.keys() & {"number", "mark"}:
            return columns, index + 1
    return {}, 0


def _row(
    row: int, cells: Sequence[str], columns: Mapping[str, int], known: Mapping[str, Mapping[str, int]]
) -> tuple[Opinion | None, list[OpinionFault]]:
    said = {key: cells[at].strip() if at < len(cells) else "" for key, at in columns.items()}
    if not any(said.get(key) for key in ("sufficient", "appropriate", "remark")):
        return None, []
    faults = []
    mark = known["mark"].get(said.get("mark", "")) or known["number"].get(said.get("number", ""))
    if mark is None:
        at = columns.get("number", columns.get("mark", 0))
        faults.append(
            OpinionFault(_cell(at, row), "evidence.sheet-unknown", {"number": said.get("number", "")[:40]})
        )
    answers: dict[str, bool | None] = {}
    for key in ("sufficient", "appropriate"):
        text = said[key].lower()
        answers[key] = True if text in _YES else False if text in _NO else None
        if text and answers[key] is None:
            faults.append(
                OpinionFault(_cell(columns[key], row), "evidence.sheet-answer", {"text": said[key][:20]})
            )
    remark = said.get("remark", "")
    if len(remark) > LONGEST:
        faults.append(OpinionFault(_cell(columns["remark"], row), "evidence.too-long", {"most": LONGEST}))
    if mark is None or faults:
        return None, faults
    return Opinion(mark, row, answers["sufficient"], answers["appropriate"], remark), []


def _cell(at: int, row: int) -> str:
    return f"{chr(65 + at)}{row}" if at < 26 else str(row)
