"""An official paper as PDF on the page of GB/T 9704-2012, printed by typst.

Paper ─lay out (lines of the grid, as data)→ paper.typ ─typst→ PDF

Lines are broken here and not by typst, so that a page holds 22 lines of 28 characters exactly; all
text goes to typst
as data, so that nothing in it can be markup.
"""

import itertools
import json
import math
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from bihuan.core.paper import (
    Attachment,
    Blank,
    Block,
    Code,
    Heading,
    Imprint,
    Paper,
    Paragraph,
    RedHead,
    Table,
    Written,
    cell_lines,
    chinese_date,
    clean_text,
    title_lines,
)
from bihuan.formats.fonts import Face, Typefaces, find_fonts
from bihuan.formats.paper_code import CODE_MM, modules
from bihuan.formats.paper_lines import (
    BODY_SIZE,
    CELL,
    LINE_WIDTH,
    MARK_STEP,
    MM,
    PITCH,
    GridLine,
    Run,
    Width,
    break_lines,
    column_shares,
    mark_lines,
    short_columns,
)

TEMPLATE = Path(__file__).with_name("paper.typ").read_bytes()
LEVEL_FACES: tuple[Face, ...] = ("hei", "kai", "fang", "fang")
_LANDSCAPE_WIDTH = 225 * MM
_MOST_STUCK = 3  # a text of so many lines stays with the table below it
_MOST_NOTES = 6  # so many lines that name attachments go along with a signature
_MEASURE = """
#let d = json(bytes(sys.inputs.d))
#set text(font: d.families, kerning: false, ligatures: false, size: 100pt, tracking: 0pt)
#set text(lang: "zh", region: "tw", cjk-latin-spacing: none, features: (locl: 0))
#context [#metadata(d.chars.map(c => (measure("中" + c + "中").width - 200pt) / 100pt))<w>]
""".encode()  # a mark alone would be trimmed as one that begins a line

Data = dict[str, Any]


def write_pdf(paper: Paper, faces: Typefaces | None = None) -> Written:
    """Print `paper`; the remarks name the faces that another one stands in for.

    :raises UnreadableFile: paper.no-chinese-font when the machine has no Chinese font at all.
    """
    faces = faces or find_fonts()
    data = {
        "title": clean_text(paper.title),
        "pitch": PITCH,
        "numbers": paper.page_numbers,
        "faces": {face: list(names) for face, names in faces.families.items()},
        "sections": _sections(paper, _width_of(paper, faces)),
    }
    # A compiler of its own for each paper: one shared between threads would mix their inputs. The
    # fonts are shared.
    compiler = typst.Compiler(font_paths=faces.loaded)
    inputs = {"paper": json.dumps(data, ensure_ascii=False)}
    content = compiler.compile(TEMPLATE, format="pdf", sys_inputs=inputs)
    if not isinstance(content, bytes):
        raise TypeError(type(content))
    # The marks keep their width only in a region that the text is not of (see the template): name the
    # right one.
    content = content.replace(b"/Lang(zh-TW)", b"/Lang(zh-CN)")
    return Written(content, "application/pdf", faces.remarks())


def _width_of(paper: Paper, faces: Typefaces) -> Width:
    """Return the widths of characters in ems: 1 for full-width ones, measured in the font for all others."""
    text = "".join(_all_texts(paper))
    others = "".join(sorted({char for char in text if not _is_full(char)} | set("0123456789年月日")))
    measured = {face: _measure(faces, face, others) for face in ("fang", "hei", "kai")}

    def width(face: Face, char: str) -> float:
        return 1.0 if _is_full(char) else measured[face].get(char, 1.0)

    return width


def _is_full(char: str) -> bool:
    """Tell whether `char` is as wide as high in every Chinese face."""
    return unicodedata.east_asian_width(char) in {"W", "F"} and ord(char) < 0x1F000


def _measure(faces: Typefaces, face: Face, chars: str) -> dict[str, float]:
    """Measure `chars` in the families of `face`, in ems."""
    wanted = {"families": list(faces.families[face]), "chars": list(chars)}
    found = typst.query(
        _MEASURE,
        "<w>",
        field="value",
        one=True,
        font_paths=faces.loaded,
        sys_inputs={"d": json.dumps(wanted)},
    )
    return dict(zip(chars, json.loads(found), strict=True))


def _all_texts(paper: Paper) -> list[str]:
    """Return every text of `paper` that is set on the grid."""
    texts = [paper.title, paper.addressee or "", paper.signed_by or ""]
    for block in (*paper.blocks, *(block for part in paper.attachments for block in part.blocks)):
        if isinstance(block, Heading):
            texts += [block.text, block.run_in]
        elif isinstance(block, Paragraph):
            texts.append(block.text)
        elif isinstance(block, Table):
            texts.append(block.caption)
    texts += [part.title for part in paper.attachments]
    return [clean_text(text) for text in texts] + ["附件：0123456789.年月日"]


def _sections(paper: Paper, width: Width) -> list[Data]:
    """Lay out the paper and its attachments, each a stretch of pages."""
    blocks: list[Data] = []
    if paper.head:
        blocks += [_red_head(paper.head), _blank(2)]
    blocks += [_title(paper.title, LINE_WIDTH), _blank(1)]
    if paper.addressee:
        blocks.append(_lines((Run("fang", clean_text(paper.addressee)),), width, indent=0))
    blocks += _blocks(paper.blocks, width, LINE_WIDTH)
    notes = _attachment_note(paper.attachments, width)
    if not (paper.signed_by or paper.signed_on):
        blocks += notes
    elif len(notes) > _MOST_NOTES:
        blocks = _with_signature([*blocks, *notes], _signature(paper, width))
    else:
        blocks = _with_signature(blocks, [*notes, *_signature(paper, width)])
    sections: list[Data] = [{"landscape": False, "blocks": blocks}]
    many = len(paper.attachments) > 1
    for index, part in enumerate(paper.attachments, 1):
        sections.append(_attachment(part, f"附件{index if many else ''}", width))
    if paper.imprint:
        sections[-1]["blocks"].append(_imprint(paper.imprint))
    return sections


def _blocks(blocks: Sequence[Block], width: Width, measure: float) -> list[Data]:
    """Lay out blocks in their order; what stands over a table stays on its page."""
    made = [_block(block, width, measure) for block in blocks]
    for over, below in itertools.pairwise(made):
        if over["kind"] == "lines" and below["kind"] == "table" and len(over["lines"]) <= _MOST_STUCK:
            over["sticky"] = True
    return made


def _block(block: Block, width: Width, measure: float) -> Data:
    """Lay out one block of text."""
    if isinstance(block, Heading):
        runs = (
            Run(LEVEL_FACES[block.level - 1], clean_text(block.text)),
            Run("fang", clean_text(block.run_in)),
        )
        return _lines(tuple(run for run in runs if run.text), width, measure=measure)
    if isinstance(block, Paragraph):
        indent = 2 * CELL if block.indented else 0.0
        return _lines((Run("fang", clean_text(block.text)),), width, indent=indent, measure=measure)
    if isinstance(block, Code):
        lines = [clean_text(line) for line in block.lines]
        return {"kind": "code", "modules": modules(block.text), "size": CODE_MM, "lines": lines}
    if isinstance(block, Blank):
        return _blank(block.lines)
    return _table(block)


def _lines(
    runs: tuple[Run, ...], width: Width, *, indent: float = 2 * CELL, measure: float = LINE_WIDTH
) -> Data:
    """Lay out one paragraph as lines of the grid."""
    broken = break_lines(runs, width, indent=indent, measure=measure)
    return {"kind": "lines", "width": measure, "indent": indent, "lines": [_line(line) for line in broken]}


def _line(line: GridLine) -> Data:
    """Return a line as the template takes it."""
    return {
        "tracking": line.tracking,
        "bare": line.bare,
        "runs": [[run.face, run.text] for run in line.runs],
    }


def _blank(count: int) -> Data:
    """Leave `count` lines of the grid empty."""
    return {"kind": "blank", "count": count}


def _title(title: str, measure: float) -> Data:
    """Set a title in 2号 over the middle of the type area."""
    cells = int(measure / 22) - 1
    return {"kind": "title", "width": measure, "texts": list(title_lines(clean_text(title), cells=cells))}


def _red_head(head: RedHead) -> Data:
    """Set the issuer's mark 35 mm below the top of the type area, the number two lines under it, the
    line 4 mm on.

    Source: GB/T 9704-2012 7.2.4, 7.2.5, 7.2.7.
    """
    issuer, size = mark_lines(clean_text(head.issuer))
    foot = 35 * MM + size * (1 + MARK_STEP * (len(issuer) - 1))
    rule = foot + (2 * PITCH + BODY_SIZE if head.number else 0.0) + 4 * MM
    number = clean_text(head.number) if head.number else None
    return {
        "kind": "head",
        "width": LINE_WIDTH,
        "issuer": list(issuer),
        "step": MARK_STEP,
        "foot": foot,
        "number": number,
        "size": size,
        "rule": rule,
        "lines": math.ceil(rule / PITCH),
    }


def _attachment_note(parts: tuple[Attachment, ...], width: Width) -> list[Data]:
    """Name the attachments under the text, one line free above, their names without a closing mark."""
    notes: list[Data] = [_blank(1)] if parts else []
    for index, part in enumerate(parts, 1):
        label = "附件：" if index == 1 else ""
        number = f"{index}." if len(parts) > 1 else ""
        indent = 2 * CELL if index == 1 else 5 * CELL
        notes.append(_lines((Run("fang", f"{label}{number}{clean_text(part.title)}"),), width, indent=indent))
    return notes


def _attachment(part: Attachment, label: str, width: Width) -> Data:
    """Lay out an attachment: its label at the top left, its title on the third line."""
    measure = _LANDSCAPE_WIDTH if part.landscape else LINE_WIDTH
    blocks = [
        _lines((Run("hei", label),), width, indent=0, measure=measure),
        _blank(1),
        _title(part.title, measure),
        _blank(1),
        *_blocks(part.blocks, width, measure),
    ]
    return {"landscape": part.landscape, "blocks": blocks}


def _signature(paper: Paper, width: Width) -> list[Data]:
    """Set the issuer's name and the date at the right, as the standard has it with and without a seal.

    Source: GB/T 9704-2012 7.3.5.1 (with a seal the date stands four characters in, the name over its
    middle), 7.3.5.2
    (without one the name stands two characters in, the date begins two after it).
    """
    date = chinese_date(paper.signed_on) if paper.signed_on else ""
    names = break_lines((Run("fang", clean_text(paper.signed_by or "")),), width, measure=22 * CELL)
    dates = break_lines((Run("fang", date),), width)
    long = max((_length(line, width) for line in names), default=0.0)
    span = _length(dates[0], width) if dates else 0.0
    if paper.sealed:
        date_at = LINE_WIDTH - 4 * CELL - span
        middle = min(date_at + span / 2, LINE_WIDTH - long / 2)
        places = [max(0.0, middle - _length(line, width) / 2) for line in names]
    else:
        begin = LINE_WIDTH - 2 * CELL - max(long, span + 2 * CELL)
        places = [begin] * len(names)
        date_at = begin + 2 * CELL if span + 2 * CELL >= long or names else LINE_WIDTH - 2 * CELL - span
    lines = [_line(_natural(line)) for line in (*names, *dates)]
    block = {"kind": "lines", "width": LINE_WIDTH, "indent": 0, "lines": lines}
    return [_blank(2 if paper.sealed else 1), {**block, "offset": [*places, *([date_at] if dates else [])]}]


def _natural(line: GridLine) -> GridLine:
    """Return `line` as wide as its characters, not spread."""
    return GridLine(line.runs, CELL - BODY_SIZE)


def _length(line: GridLine, width: Width) -> float:
    """Return the points that a line takes when it is not spread."""
    chars = [(run.face, char) for run in line.runs for char in run.text]
    return sum(width(face, char) * BODY_SIZE + CELL - BODY_SIZE for face, char in chars)


def _with_signature(blocks: list[Data], signature: list[Data]) -> list[Data]:
    """Keep the signature with the last two lines of the text: it must not stand on a page alone.

    GB/T 9704-2012 7.3.5.5 would change the spacing instead; ours stays on its grid (docs/adr/0014).
    """
    last = blocks[-1]
    if last["kind"] != "lines":
        return [*blocks, {"kind": "together", "blocks": signature}]
    before, kept = last["lines"][:-2], last["lines"][-2:]
    head = [{**last, "lines": before}] if before else []
    tail = {**last, "lines": kept, "indent": 0 if before else last["indent"]}
    return [*blocks[:-1], *head, {"kind": "together", "blocks": [tail, *signature]}]


def _imprint(imprint: Imprint) -> Data:
    """Set the closing strip at the foot of the last even page. Source: GB/T 9704-2012 7.4."""
    rows = []
    if imprint.copies_to:
        rows.append([f"抄送：{clean_text(imprint.copies_to)}", ""])
    printed_on = f"{chinese_date(imprint.printed_on)}印发" if imprint.printed_on else ""
    if imprint.printed_by or printed_on:
        rows.append([clean_text(imprint.printed_by or ""), printed_on])
    return {"kind": "imprint", "rows": rows}


def _table(table: Table) -> Data:
    """Set a list: columns as wide as their texts ask for, none so narrow that its header breaks letter
    by letter.
    """
    count = len(table.header)
    rows = [
        [breakable("\n".join(cell_lines(cell))) for cell in (*row, *[""] * count)[:count]]
        for row in table.rows
    ]
    header = [clean_text(cell) for cell in table.header]
    return {
        "kind": "table",
        "caption": clean_text(table.caption),
        "header": header,
        "rows": rows,
        "widths": column_shares(table),
        "centred": short_columns(table),
    }


def breakable(text: str, *, longest: int = 12) -> str:
    """Let a Latin word of more than `longest` letters break in a narrow column, by an unseen mark."""
    held, parts = 0, []
    for char in text:
        held = held + 1 if " " < char < "\u2e80" else 0
        parts.append(char)
        if held and held % longest == 0:
            parts.append("\u200b")
    return "".join(parts)
