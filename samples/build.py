"""Build the sample documents from the readable texts in samples/source.

Flow: source/*.md, *.toml → blocks and rows → docx, txt, xlsx. Dates are fixed and zip entries stored without
compression, so that every machine gives the same bytes.
"""

import argparse
import io
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from paper import write_docx

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
BUILT_AT = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001 - Office properties carry no zone
OFFICE = "江澜高新区党工委巡察整改办"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or table of a source text. `kind`: title, h1, h2, h3, text, caption, sign, table."""

    kind: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One row of source/整改任务.md with the titles that it answers."""

    number: str
    title: str
    measures: str
    leader: str
    unit: str
    joint_units: str
    category: str
    due: date
    effect: str
    note: str
    status: str
    closed_on: str
    problem: str = ""
    finding: str = ""


MARKS = (("#### ", "h3"), ("### ", "h2"), ("## ", "h1"), ("# ", "title"), (">> ", "sign"), ("表", "caption"))


def cells_of(line: str) -> tuple[str, ...]:
    """Split one row of a pipe table."""
    return tuple(cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|"))


def blocks_of(text: str) -> tuple[Block, ...]:
    """Split a source text into blocks: one a line, pipe rows that follow each other into one table."""
    blocks: list[Block] = []
    rows: list[tuple[str, ...]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(cells_of(line))
            continue
        if rows:
            blocks.append(Block("table", "", tuple(rows)))
            rows = []
        if line.strip():
            mark, kind = next(((m, k) for m, k in MARKS if line.startswith(m)), ("", "text"))
            blocks.append(Block(kind, line if kind == "caption" else line.removeprefix(mark)))
    return tuple(blocks)


def write_txt(blocks: tuple[Block, ...]) -> bytes:
    """Write blocks as plain text, one paragraph a line, table cells apart by tabs."""
    lines: list[str] = []
    for block in blocks:
        lines.extend(["\t".join(row) for row in block.rows] or [block.text])
    return ("\n".join(lines) + "\n").encode()


def read_tasks() -> tuple[Task, ...]:
    """Read the 49 tasks and give each the titles of its problem and finding from the feedback document."""
    titles: dict[str, tuple[str, str]] = {}
    finding = ""
    for block in blocks_of((SOURCE / "反馈意见.md").read_text(encoding="utf-8")):
        if block.kind == "h2":
            finding = block.text
        elif block.kind == "h3":
            titles[block.text.split(".")[0]] = (block.text, finding)
    tasks = []
    for line in (SOURCE / "整改任务.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and line[2].isdigit():
            number, *rest = cells_of(line)
            due = date.fromisoformat(rest.pop(6))
            head, tail = rest[:6], rest[6:]
            problem, finding = titles[number.split("-")[0]]
            tasks.append(Task(number, *head, due, *tail, problem=problem, finding=finding))
    return tuple(tasks)


COLUMNS = (
    ("序号", 5),
    ("反馈问题", 14),
    ("具体问题", 16),
    ("任务编号", 7),
    ("整改任务", 20),
    ("整改措施", 38),
    ("牵头领导", 8),
    ("牵头单位", 13),
    ("配合单位", 14),
    ("整改类型", 9),
    ("完成时限", 14),
    ("预期成效", 22),
    ("备注", 14),
)
HEADER = 2  # rows of title above the header
FIRST = HEADER + 2


def values_of(index: int, task: Task) -> tuple[str | int | date, ...]:
    """Give a task's cells in the order of COLUMNS."""
    return (
        index, task.finding, task.problem, task.number, task.title, task.measures, task.leader, task.unit,
        task.joint_units, task.category, task.due, task.effect, task.note,
    )  # fmt: skip


def runs_of(values: list[str]) -> list[tuple[int, int]]:
    """Give first and last index of each run of equal values."""
    starts = [i for i, value in enumerate(values) if i == 0 or value != values[i - 1]]
    return list(zip(starts, [s - 1 for s in starts[1:]] + [len(values) - 1], strict=True))


def lines_needed(text: str, width: int) -> int:
    """Estimate how many lines a cell needs: a Chinese character takes two columns."""
    return -(-sum(2 if ord(c) > 0x2E7F else 1 for c in text) // max(width - 1, 2))


def write_xlsx(tasks: tuple[Task, ...]) -> bytes:
    """Write the plan as offices do: title, two header rows, findings and problems merged, ready to print."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": "整改方案任务表", "author": OFFICE, "created": BUILT_AT})
    sheet = book.add_worksheet("整改任务")
    base = {"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "vcenter", "border": 1}
    cell, middle = book.add_format(base), book.add_format({**base, "align": "center"})
    head = book.add_format({**base, "align": "center", "bold": True, "bg_color": "#EDEFF2"})
    day = book.add_format({**base, "align": "center", "num_format": 'yyyy"年"m"月"d"日"'})
    title = book.add_format({"font_name": "方正小标宋简体", "font_size": 20, "align": "center"})
    plain = book.add_format({"font_name": "宋体", "font_size": 10})
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, "江澜高新区党工委落实云洲市委园区专项巡察反馈意见整改方案任务表", title)
    sheet.merge_range(1, 0, 1, last, f"填报单位：{OFFICE}　　　填报日期：2026年7月10日　　　共49项", plain)
    sheet.set_row(0, 36)
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        if 6 <= column <= 8:
            sheet.write(HEADER + 1, column, name, head)
        else:
            sheet.merge_range(HEADER, column, HEADER + 1, column, name, head)
    sheet.merge_range(HEADER, 6, HEADER, 8, "责任分工", head)
    centred = {0, 3, 6, 7, 9}
    for index, task in enumerate(tasks):
        for column, value in enumerate(values_of(index + 1, task)):
            style = day if isinstance(value, date) else middle if column in centred else cell
            if isinstance(value, date):
                sheet.write_datetime(FIRST + index, column, value, style)
            elif column not in (1, 2):
                sheet.write(FIRST + index, column, value, style)
        height = max(lines_needed(task.measures, 38), lines_needed(task.title, 20), 3)
        sheet.set_row(FIRST + index, 14 * height)
    for column, texts in ((1, [t.finding for t in tasks]), (2, [t.problem for t in tasks])):
        for first, end in runs_of(texts):
            if first == end:
                sheet.write(FIRST + first, column, texts[first], cell)
            else:
                sheet.merge_range(FIRST + first, column, FIRST + end, column, texts[first], cell)
    set_up_print(sheet, len(tasks))
    book.close()
    return repack(out.getvalue())


def set_up_print(sheet: "xlsxwriter.worksheet.Worksheet", count: int) -> None:
    """Set the sheet for A3 landscape, one page wide, with the header repeated and page numbers."""
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER, HEADER + 1)
    sheet.print_area(0, 0, FIRST + count - 1, len(COLUMNS) - 1)
    sheet.set_footer("&C第&P页，共&N页")
    sheet.freeze_panes(FIRST, 4)


def repack(archive: bytes) -> bytes:
    """Write a zip again with fixed times and no compression, so that no zlib version shows in the bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name))
    return out.getvalue()


def read_faults() -> tuple[dict[str, str], ...]:
    """Read the deliberate faults."""
    return tuple(tomllib.loads((SOURCE / "毛病.toml").read_text(encoding="utf-8"))["fault"])


def with_faults(text: str, faults: tuple[dict[str, str], ...]) -> str:
    """Put every fault into the text; each must find its place exactly once."""
    for fault in faults:
        if text.count(fault["find"]) != 1:
            raise ValueError(f"毛病.toml {fault['code']}: {fault['find']} 应当在原文中恰好出现一次")
        text = text.replace(fault["find"], fault["put"])
    return text


def fault_list(text: str, faults: tuple[dict[str, str], ...]) -> bytes:
    """Write the list of faults with the line of the plain text where each stands."""
    lines = [block.text for block in blocks_of(text)]
    rows = ["# 有毛病的通报", ""]
    rows += ["《整改通报（有毛病）》是《整改通报》改出来的，故意留下下列毛病，用来试检查、作演示。"]
    rows += ["由 `samples/build.py` 按 `samples/source/毛病.toml` 生成，请改源文件。", ""]
    rows += ["| 序号 | 行 | 代码 | 毛病 | 写成 | 原文 |", "| --- | --- | --- | --- | --- | --- |"]
    for index, fault in enumerate(faults, 1):
        put = fault["put"].removeprefix("#### ")
        line = next(number for number, content in enumerate(lines, 1) if put in content)
        was = fault["find"].removeprefix("#### ")
        rows.append(f"| {index} | {line} | `{fault['code']}` | {fault['what']} | {put} | {was} |")
    return ("\n".join(rows) + "\n").encode()


def word(blocks: tuple[Block, ...], *, author: str, auto: bool) -> bytes:
    """Write blocks as a Word document with the fixed date."""
    return repack(write_docx(blocks, created=BUILT_AT, author=author, auto=auto))


def build() -> dict[str, bytes]:
    """Build every sample; keys are paths under samples/."""
    feedback = blocks_of((SOURCE / "反馈意见.md").read_text(encoding="utf-8"))
    text = (SOURCE / "整改通报.md").read_text(encoding="utf-8")
    notice, faults = blocks_of(text), read_faults()
    spoilt_text = with_faults(text, faults)
    spoilt = blocks_of(spoilt_text)
    return {
        "反馈意见.docx": word(feedback, author="云洲市委园区专项巡察组", auto=True),
        "整改方案任务表.xlsx": write_xlsx(read_tasks()),
        "整改通报.docx": word(notice, author=OFFICE, auto=False),
        "整改通报.txt": write_txt(notice),
        "faulty/整改通报（有毛病）.docx": word(spoilt, author=OFFICE, auto=False),
        "faulty/整改通报（有毛病）.txt": write_txt(spoilt),
        "faulty/README.md": fault_list(spoilt_text, faults),
    }


def main() -> int:
    """Write the samples, or with --check name those that differ from their source."""
    parser = argparse.ArgumentParser(description="由samples/source生成样例文件。")
    parser.add_argument("--check", action="store_true", help="只比较，不写入；有不同即以1退出")
    check = parser.parse_args().check
    differing = [n for n, b in build().items() if not (HERE / n).is_file() or (HERE / n).read_bytes() != b]
    if not check:
        for name, content in build().items():
            (HERE / name).parent.mkdir(exist_ok=True)
            (HERE / name).write_bytes(content)
    for name in differing:
        sys.stdout.write(f"{'不同' if check else '已写入'}：{name}\n")
    return 1 if check and differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
