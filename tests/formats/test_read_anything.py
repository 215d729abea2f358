"""Whatever the bytes, reading ends in lines or in one refusal."""

import functools
import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import SUFFIXES, read_bytes
from bihuan.web.catalogue import say
from tests.formats.read_samples import docx_file, html_file, p, pdf_file, text_file, zipped

ENDINGS = [suffix for suffix in SUFFIXES if suffix not in (".doc", ".wps", ".rtf", ".odt", ".ods")]
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@functools.cache
def workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("清单")
        sheet.write_row(0, 0, ["序号", "问题", 1.5])
        sheet.write(1, 2, 45_000, book.add_format({"num_format": "yyyy-mm-dd"}))
    return buffer.getvalue()


@functools.cache
def pdf() -> bytes:
    return pdf_file()


BUILDERS: dict[str, Callable[[], bytes]] = {
    "a.txt": lambda: text_file().encode(),
    "b.txt": lambda: text_file().encode("gb18030"),
    "a.html": html_file,
    "a.docx": docx_file,
    "a.xlsx": workbook,
    "a.pdf": pdf,
}


def ends_well(name: str, data: bytes) -> None:
    try:
        source = read_bytes(name, data)
    except UnreadableFile as refusal:
        assert "{" not in say(refusal.code, refusal.params)
        assert say(refusal.code, refusal.params) != refusal.code
        return
    assert isinstance(source, Source)
    for line in source.lines:
        assert line.text
        assert "\0" not in line.text
        line.text.encode()


@given(data=st.binary(max_size=3_000), suffix=st.sampled_from(ENDINGS))
@QUIET
def test_any_bytes_under_any_name_end_in_lines_or_a_refusal(data: bytes, suffix: str) -> None:
    ends_well("a" + suffix, data)


@given(
    text=st.text(max_size=2_000),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]),
)
@QUIET
def test_any_text_in_any_encoding_ends_in_lines_or_a_refusal(text: str, encoding: str) -> None:
    data = text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    ends_well("a.txt", data)
    ends_well("a.html", data)


@given(text=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=20, max_size=300))
@QUIET
def test_chinese_text_comes_back_from_utf8_and_marked_utf16(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (line,) = read_bytes("a.txt", text.encode(encoding)).lines
        assert line.text == text


@pytest.mark.parametrize("name", BUILDERS)
@given(data=st.data())
@QUIET
def test_real_files_cut_and_changed_end_in_lines_or_a_refusal(name: str, data: st.DataObject) -> None:
    content = bytearray(BUILDERS[name]())
    for _ in range(data.draw(st.integers(0, 5), label="changes")):
        position = data.draw(st.integers(0, len(content) - 1), label="position")
        content[position] = data.draw(st.integers(0, 255), label="byte")
    end = data.draw(st.integers(1, len(content)) | st.just(len(content)), label="end")
    ends_well(name, bytes(content[:end]))


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
@given(data=st.data())
@QUIET
def test_containers_with_one_damaged_part_end_in_lines_or_a_refusal(name: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(BUILDERS[name]())) as file:
        parts: dict[str, str | bytes] = {entry: file.read(entry) for entry in file.namelist()}
    victim = data.draw(st.sampled_from(sorted(parts)), label="part")
    content = bytes(parts[victim])
    start = data.draw(st.integers(0, len(content)), label="start")
    stop = data.draw(st.integers(start, min(start + 40, len(content))), label="stop")
    parts[victim] = content[:start] + data.draw(st.binary(max_size=8), label="filling") + content[stop:]
    ends_well(name, zipped(parts))


@given(pieces=st.lists(st.sampled_from([
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>甲</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>",
    "<w:br/>", "<w:ins>", "</w:ins>", "<w:del/>", "<mc:AlternateContent/>", "<w:txbxContent>", "</w:txbxContent>", "<w:sdt/>",
    "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>", "<w:tcPr><w:vMerge/></w:tcPr>", "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>",
]), max_size=40))  # fmt: skip
@QUIET
def test_elements_in_any_order_end_in_lines_or_a_refusal(pieces: list[str]) -> None:
    ends_well("a.docx", docx_file(p("首段") + "".join(pieces)))


@given(pieces=st.lists(st.sampled_from([
    "<table>", "</table>", "<tr>", "</tr>", "<td colspan=3>", "<td rowspan=9>", "</td>", "<p>", "<br>", "<div>", "</div>", "<a>",
    "</a>", "<h1>", "<pre>", "</pre>", "<script>", "</script>", "供水保障任务推进不快，需要加快。", "发布时间：2024-12-27", "&nbsp;", "<!--", "-->",
]), max_size=60))  # fmt: skip
@QUIET
def test_tags_in_any_order_end_in_lines_or_a_refusal(pieces: list[str]) -> None:
    ends_well("a.html", ("<html><body>" + "".join(pieces)).encode())
