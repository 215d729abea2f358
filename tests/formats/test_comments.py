"""Comments stand at the exact words, and the document is otherwise what it was."""

import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.checking import Fault, check
from bihuan.core.reading import read
from bihuan.core.source import Line, Place, Source, UnreadableFile
from bihuan.formats import read_bytes
from bihuan.formats.comments import AUTHOR, Note, annotate, annotate_lines, notes_for

AT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def saved(document: Any) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def anchored(data: bytes) -> list[tuple[str, str]]:
    """Return the words that each comment stands at, with what it says."""
    document = docx.Document(BytesIO(data))
    found = []
    for comment in document.comments:
        words, inside = "", False
        for node in document.element.body.iter():
            if node.get(qn("w:id")) == str(comment.comment_id):
                if node.tag == qn("w:commentRangeStart"):
                    inside = True
                elif node.tag == qn("w:commentRangeEnd"):
                    inside = False
            if inside and node.tag == qn("w:t"):
                words += node.text or ""
        found.append((words, comment.text))
    return found


def lines_of(data: bytes) -> list[str]:
    return [line.text for line in read_bytes("a.docx", data).lines]


def with_paragraphs(*paragraphs: list[str] | str) -> bytes:
    document = docx.Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for text in [runs] if isinstance(runs, str) else runs:
            paragraph.add_run(text)
    return saved(document)


def test_a_quotation_within_one_run_is_split_out_with_its_look() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("截止目前已完成39个，长期整改3个。")
    run.bold, run.font.size = True, Pt(16)
    data = annotate(saved(document), [Note("已完成39个", "请核对。", run.text)], at=AT)
    assert anchored(data) == [("已完成39个", "请核对。")]
    after = docx.Document(BytesIO(data)).paragraphs[0]
    assert after.text == "截止目前已完成39个，长期整改3个。"
    assert [(part.text, part.bold, part.font.size) for part in after.runs if part.text] == [
        ("截止目前", True, Pt(16)), ("已完成39个", True, Pt(16)), ("，长期整改3个。", True, Pt(16)),
    ]  # fmt: skip


def test_author_date_and_proposal_are_in_the_comment() -> None:
    data = annotate(
        with_paragraphs("截止目前。"),
        [Note("截止目前", "请核对。", "截止目前。", proposal="拟改：截至目前")],
        at=AT,
    )
    [comment] = docx.Document(BytesIO(data)).comments
    assert (comment.author, comment.timestamp, comment.text) == (AUTHOR, AT, "请核对。\n拟改：截至目前")


def test_a_quotation_across_runs_is_found() -> None:
    data = annotate(
        with_paragraphs(["已完", "成3", "9个，基本完成"]),
        [Note("完成39个", "请核对。", "已完成39个，基本完成")],
        at=AT,
    )
    assert anchored(data) == [("完成39个", "请核对。")]


def test_the_occurrence_that_was_meant_is_taken() -> None:
    line = "完成3个，又完成3个，再完成3个"
    data = annotate(with_paragraphs(line), [Note("完成3个", "请核对。", line, start=6)], at=AT)
    before = docx.Document(BytesIO(data)).element.body.xpath(
        "//w:commentRangeStart/preceding-sibling::w:r/w:t"
    )
    assert "".join(node.text for node in before) == "完成3个，又"


def test_an_automatic_number_does_not_hide_the_paragraph() -> None:
    document = docx.Document()
    document.add_paragraph("理论学习不够。", style="List Number")
    document.add_paragraph("台帐不规范。", style="List Number")
    data = saved(document)
    source = read_bytes("a.docx", data)
    line = source.lines[1]
    assert line.text != "台帐不规范。"  # the number is in the line and not in the runs
    fault = Fault("wording", "台帐", line.place, start=line.text.index("台帐"))
    notes = notes_for(source, [fault], [("是否为笔误？", None)])
    assert anchored(annotate(data, notes, at=AT)) == [("台帐", "是否为笔误？")]


def test_a_quotation_in_a_table_cell_is_found() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells],
        ["序号", "措施", "单位", "1", "建立台帐3本", "办公室"],
        strict=True,
    ):
        cell.text = text
    data = saved(document)
    source = read_bytes("a.docx", data)
    line = next(line for line in source.lines if "台帐" in line.text)
    notes = notes_for(source, [Fault("wording", "台帐", line.place)], [("是否为笔误？", None)])
    assert anchored(annotate(data, notes, at=AT)) == [("台帐", "是否为笔误？")]


def test_the_second_of_two_equal_paragraphs_is_the_one_that_was_meant() -> None:
    data = with_paragraphs("定期检查记录。", "别的。", "定期检查记录。")
    source = read_bytes("a.docx", data)
    notes = notes_for(
        source, [Fault("duplicate-text", "定期检查", source.lines[2].place)], [("是否重复？", None)]
    )
    paragraphs = docx.Document(BytesIO(annotate(data, notes, at=AT))).paragraphs
    assert [bool(p._p.xpath(".//w:commentRangeStart")) for p in paragraphs] == [False, False, True]


def test_words_that_cannot_be_found_put_the_comment_at_the_paragraph() -> None:
    data = annotate(
        with_paragraphs("第一段。", "第二段的话。"), [Note("不在这里", "请核对。", "第二段的话。")], at=AT
    )
    assert anchored(data) == [("第二段的话。", "请核对。")]


def test_a_line_that_cannot_be_found_puts_the_comment_at_the_beginning() -> None:
    data = annotate(
        with_paragraphs("第一段。", "第二段。"), [Note("不在这里", "请核对。", "没有这一行")], at=AT
    )
    assert anchored(data) == [("第一段。", "请核对。")]


def test_several_comments_may_stand_in_one_run_and_overlap() -> None:
    line = "截止目前，已完成整改38个，长期整改3个。"
    quotes = ["截止目前", "已完成整改38个，长期整改3个", "38个", line]
    data = annotate(with_paragraphs(line), [Note(quote, f"问{quote}", line) for quote in quotes], at=AT)
    assert anchored(data) == [(quote, f"问{quote}") for quote in quotes]
    assert lines_of(data) == [line]


def test_deleted_words_of_a_tracked_change_are_passed_over() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("已完成")
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="9" w:author="a"><w:r><w:delText>38</w:delText></w:r></w:del>')
    )
    paragraph._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="10" w:author="a"><w:r><w:t>39</w:t></w:r></w:ins>')
    )
    paragraph.add_run("个。")
    data = annotate(saved(document), [Note("完成39个", "请核对。", "已完成39个。")], at=AT)
    assert anchored(data) == [("完成39个", "请核对。")]
    assert lines_of(data) == ["已完成39个。"]


def test_a_text_box_is_commented_on_at_the_paragraph_that_holds_it() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("正文一段。")
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox>'
            "<w:txbxContent><w:p><w:r><w:t>框里的台帐</w:t></w:r></w:p></w:txbxContent>"
            "</v:textbox></v:shape></w:pict></w:r>"
        )
    )
    data = annotate(saved(document), [Note("台帐", "是否为笔误？", "框里的台帐")], at=AT)
    inside = docx.Document(BytesIO(data)).element.body.xpath("//w:txbxContent//w:commentRangeStart")
    assert (inside, [text for _, text in anchored(data)]) == ([], ["是否为笔误？"])


def test_comments_that_were_there_stay() -> None:
    once = annotate(with_paragraphs("第一段。"), [Note("第一", "甲", "第一段。")], at=AT)
    twice = annotate(once, [Note("段", "乙", "第一段。")], at=AT)
    assert sorted(text for _, text in anchored(twice)) == ["乙", "甲"]


def test_a_file_that_is_no_document_is_refused() -> None:
    for data in (b"not a docx", b"PK\x03\x04" + b"\0" * 40):
        with pytest.raises(UnreadableFile):
            annotate(data, [], at=AT)


@settings(max_examples=40, deadline=None)
@given(
    runs=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        min_size=1,
        max_size=6,
    ),
    cut=st.tuples(st.integers(0, 60), st.integers(1, 20)),
)
def test_any_stretch_of_any_runs_can_be_quoted(runs: list[str], cut: tuple[int, int]) -> None:
    text = "".join(runs)
    quote = text[cut[0] % len(text) :][: cut[1]]
    data = annotate(with_paragraphs(runs), [Note(quote, "请核对。", text, start=cut[0] % len(text))], at=AT)
    document = docx.Document(BytesIO(data))
    assert document.paragraphs[0].text == docx.Document(BytesIO(with_paragraphs(runs))).paragraphs[0].text
    [(words, _)] = anchored(data)
    if quote.strip() and words != document.paragraphs[0].text:
        assert words == quote


def test_lines_of_another_format_become_a_document_with_comments() -> None:
    source = Source("a.txt", "txt", (
        Line("浏览次数：3", Place(1), "chrome"), Line("截止目前\x07，", Place(2)), Line("序号\t措施", Place(4), "row"),
    ))  # fmt: skip
    notes = notes_for(source, [Fault("wording", "截止目前", Place(2), start=0)], [("请\x01核对。", None)])
    data = annotate_lines(source, notes, at=AT)
    assert anchored(data) == [("截止目前", "请\ufffd核对。")]
    assert [p.text for p in docx.Document(BytesIO(data)).paragraphs] == ["截止目前\ufffd，", "序号\t措施"]


def faulty() -> tuple[bytes, Source, tuple[Fault, ...]]:
    data = (SAMPLES / "faulty" / "整改通报（有毛病）.docx").read_bytes()
    source = read_bytes("通报.docx", data)
    return data, source, check(source, read(source))


def test_every_fault_of_the_sample_is_commented_on_at_its_words() -> None:
    data, source, faults = faulty()
    notes = notes_for(source, faults, [(fault.kind, fault.proposal) for fault in faults])
    result = annotate(data, notes, at=AT)
    assert [words for words, _ in anchored(result)] == [fault.quote for fault in faults]
    assert lines_of(result) == lines_of(data)


def test_an_office_program_opens_the_result(tmp_path: Path) -> None:
    data, source, faults = faulty()
    notes = notes_for(source, faults, [(fault.kind, None) for fault in faults])
    (tmp_path / "批注.docx").write_bytes(annotate(data, notes, at=AT))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "odt",
         "--outdir", str(tmp_path), str(tmp_path / "批注.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    unpacked = tmp_path / "odt"
    shutil.unpack_archive(tmp_path / "批注.odt", unpacked, "zip")
    content = (unpacked / "content.xml").read_text(encoding="utf-8")
    assert content.count("<office:annotation ") == len(faults)
    assert content.count("<office:annotation-end ") == len(faults)
