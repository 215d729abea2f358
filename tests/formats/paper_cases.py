"""Papers that the tests print, and how a printed page is measured."""

import io
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pdfplumber

from bihuan.core.paper import (
    Attachment,
    Heading,
    Imprint,
    Paper,
    Paragraph,
    RedHead,
    Table,
)

MM = 72 / 25.4
PAGE_HEIGHT = 297 * MM
BODY_END = (297 - 35) * MM
SENTENCE = "各责任单位对照清单逐项落实整改措施并按月登记进展情况由督查办公室现场核查后汇总"  # no mark: every line full


@dataclass(frozen=True, slots=True)
class Row:
    """The characters of one printed line, from the left; `baseline` is points from the top of the page."""

    baseline: float
    chars: tuple[dict[str, Any], ...]

    @property
    def text(self) -> str:
        return "".join(char["text"] for char in self.chars)

    @property
    def faces(self) -> set[str]:
        return {char["fontname"].split("+")[-1] for char in self.chars}


def rows_of(page: Any) -> list[Row]:
    """Return the printed lines of a page from the top, page number included."""
    found: dict[float, list[dict[str, Any]]] = defaultdict(list)
    for char in page.chars:
        found[round(float(page.height) - char["matrix"][5], 1)].append(char)
    return [Row(at, tuple(sorted(found[at], key=lambda c: c["x0"]))) for at in sorted(found)]


def body_rows(page: Any) -> list[Row]:
    """Return the printed lines within the type area."""
    return [row for row in rows_of(page) if row.baseline <= BODY_END]


def pages_of(content: bytes) -> list[Any]:
    """Open a printed PDF."""
    return list(pdfplumber.open(io.BytesIO(content)).pages)


def long_paper(**changes: Any) -> Paper:
    """Return a paper of several full pages."""
    blocks = (
        Heading(1, "一、组织整改情况"),
        Paragraph(SENTENCE * 6),
        Heading(2, "（一）反馈问题：台账不全。", "各单位已补齐台账。"),
        Heading(3, "1.档案缺少签收。"),
        Heading(4, "（1）分类登记。"),
        *(Paragraph(SENTENCE * 8) for _ in range(9)),
    )
    given = {
        "title": "清江市临港园区党工委关于巡察整改进展情况的通报",
        "blocks": blocks,
        "signed_by": "清江市临港园区党工委",
        "signed_on": "2026-11-05",
    }
    return Paper(**{**given, **changes})


def full_paper() -> Paper:
    """Return a paper with everything that a paper can have."""
    rows = tuple(
        (str(n), "某项具体问题需要持续推进并按季登记", "产业发展部", "2026年12月31日") for n in range(1, 61)
    )
    table = Table(("序号", "具体问题", "责任单位", "完成时限"), rows, caption="（截至2026年11月5日）")
    return long_paper(
        head=RedHead("清江市临港园区党工委文件", "清临工发〔2026〕12号"),
        addressee="各部门：",
        attachments=(
            Attachment("整改任务清单", (table,), landscape=True),
            Attachment("制度目录", (Paragraph("共一项制度。"),)),
        ),
        sealed=True,
        imprint=Imprint("市委巡察办。", "临港园区党工委办公室", "2026-11-06"),
    )
