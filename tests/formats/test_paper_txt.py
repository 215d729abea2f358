"""The plain form of a paper."""

from bihuan.core.paper import Heading, Imprint, Paper, Paragraph, Table
from bihuan.formats.paper_txt import write_txt
from bihuan.formats.papers import PAPER_FORMATS, write_paper
from tests.formats.paper_cases import full_paper, long_paper


def lines(paper: Paper) -> list[str]:
    return write_txt(paper).content.decode().split("\n")


def test_a_paragraph_is_a_line_indented_by_two_blanks() -> None:
    written = lines(
        Paper("标题", (Heading(1, "一、情况"), Heading(2, "（一）要求。", "照办。"), Paragraph("正文。")))
    )
    assert written == ["标题", "", "　　一、情况", "　　（一）要求。照办。", "　　正文。", ""]


def test_signature_and_date_end_the_text() -> None:
    assert lines(long_paper())[-4:] == ["", "　　清江市临港园区党工委", "　　2026年11月5日", ""]


def test_head_addressee_attachments_and_imprint_are_kept() -> None:
    written = lines(full_paper())
    assert written[:4] == ["清江市临港园区党工委文件", "清临工发〔2026〕12号", "", full_paper().title]
    assert "各部门：" in written
    assert "　　附件：1.整改任务清单" in written
    assert "附件2" in written
    assert written[-3:] == ["抄送：市委巡察办。", "临港园区党工委办公室　2026年11月6日印发", ""]


def test_cells_of_a_table_are_parted_by_tabs() -> None:
    assert "1\t办法" in lines(Paper("标题", (Table(("序号", "名称"), (("1", "办法"),)),)))


def test_an_imprint_with_a_date_alone_is_printed() -> None:
    assert lines(Paper("标题", (), imprint=Imprint(printed_on="2026-11-06")))[-2] == "2026年11月6日印发"


def test_every_format_is_written_by_its_name() -> None:
    begins = {"docx": b"PK", "pdf": b"%PDF", "txt": "清江".encode()}
    for name in PAPER_FORMATS:
        written = write_paper(long_paper(), name)
        assert written.content.startswith(begins[name])
        assert written.media_type
