"""Two columns of running text on a PDF page are read one after the other; tables and single columns as before."""

import random

import pytest
import typst

from bihuan.formats import read_bytes

WORDS = "对照巡察反馈意见逐项研究制定措施明确责任单位完成时限按月调度进展情况建立台账销号管理健全制度堵塞漏洞"


def paragraph(seed: int, length: int) -> str:
    rng = random.Random(seed)
    text = "".join(rng.choice(WORDS) for _ in range(length))
    return f"{text[: length // 2]}，{text[length // 2 :]}。"


PARAGRAPHS = [paragraph(seed, 40 + 23 * (seed % 5)) for seed in range(26)]


def pdf(body: str, size: str = "12pt") -> bytes:
    source = f"""
    #set page(width: 210mm, height: 297mm, margin: 28mm, footer: context align(center, counter(page).display("— 1 —")))
    #set text(font: ("FandolFang R", "Noto Serif CJK SC", "Noto Sans CJK SC"), size: {size}, lang: "zh", region: "cn")
    #set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 0.8em, spacing: 0.8em)
    {body}
    """
    return typst.compile(source.encode())


def texts(data: bytes) -> list[str]:
    return [line.text for line in read_bytes("a.pdf", data).lines if line.role != "chrome"]


@pytest.mark.parametrize("size", ["10.5pt", "12pt"])
@pytest.mark.parametrize("title", ["", "中共柏岭县水利局党组关于巡察整改进展情况的通报"])
def test_columns_are_read_one_after_the_other(size: str, title: str) -> None:
    head = f"#align(center, text(size: 20pt)[{title}])\n" if title else ""
    body = head + "#columns(2, gutter: 9mm)[\n" + "\n\n".join(PARAGRAPHS) + "\n]"
    assert texts(pdf(body, size)) == ([title] if title else []) + PARAGRAPHS


def test_one_column_is_read_as_before() -> None:
    assert texts(pdf("\n\n".join(PARAGRAPHS))) == PARAGRAPHS


def test_a_table_without_rules_keeps_its_rows() -> None:
    rng = random.Random(1)
    rows = [(WORDS[n : n + rng.randrange(3, 14)], WORDS[n : n + rng.randrange(2, 14)]) for n in range(23)]
    cells = "".join(f"[{one}],[{other}]," for one, other in rows)
    found = texts(pdf(f"#table(columns: (1fr, 1fr), stroke: none, {cells})"))
    assert found == [f"{one}\t{other}" for one, other in rows]


def test_a_list_of_names_and_numbers_keeps_its_rows() -> None:
    rows = [(f"第{n}项任务", f"{n * 3}个") for n in range(1, 30)]
    cells = "".join(f"[{one}],[{other}]," for one, other in rows)
    assert texts(pdf(f"#table(columns: (1fr, 1fr), stroke: none, {cells})")) == [f"{a}\t{b}" for a, b in rows]
