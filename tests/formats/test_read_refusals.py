"""What must never be read is refused with the reason, before any library sees it."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from bihuan.core.source import UnreadableFile
from bihuan.formats import SUFFIXES, compound, limits, read_bytes, read_file, sniff
from tests.formats.read_samples import docx_file, docx_parts, html_file, p, pdf_file, text_file, zipped


def refused(name: str, data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes(name, data)
    return refusal.value


def compound_file(*names: str) -> bytes:
    """An OLE compound file with nothing but a directory of `names`."""
    header = bytearray(512)
    header[:8] = compound.SIGNATURE
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<II", header, 68, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    sectors = (len(names) + 4) // 4
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    directory = b""
    for index, name in enumerate(["Root Entry", *names]):
        text = name.encode("utf-16-le") + b"\0\0"
        directory += text.ljust(64, b"\0") + struct.pack("<HB", len(text), 5 if index == 0 else 2) + bytes(61)
    return bytes(header) + table + directory.ljust(sectors * 512, b"\0")


@pytest.mark.parametrize(
    ("name", "data", "actual"),
    [
        ("台账.pdf", html_file(), "HTML"),
        ("台账.docx", html_file(), "HTML"),
        ("台账.docx", pdf_file(), "PDF"),
        ("台账.pdf", docx_file(), "DOCX"),
        ("台账.xlsx", docx_file(), "DOCX"),
        ("台账.doc", docx_file(), "DOCX"),
        ("台账.xls", html_file(), "HTML"),
        ("台账.txt", html_file(), "HTML"),
        ("台账.txt", docx_file(), "DOCX"),
        ("台账.html", pdf_file(), "PDF"),
        ("台账.docx", zipped({"a.txt": "甲"}), "ZIP"),
        ("台账.pdf", b"MZ\x90\0" + bytes(200), "EXE"),
        ("台账.docx", b"\x7fELF" + bytes(200), "EXE"),
        ("台账.pdf", text_file().encode(), "TXT"),
        ("台账.pdf", b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        ("台账.xls", compound_file("WordDocument"), "DOC"),
    ],
)
def test_name_that_lies_is_told_what_the_file_is(name: str, data: bytes, actual: str) -> None:
    refusal = refused(name, data)
    assert refusal.code == "formats.name-lies"
    assert refusal.params["actual"] == actual
    assert refusal.params["name"] == name


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.ofd", zipped({"OFD.xml": "<OFD/>"}), "formats.ofd"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "formats.picture"),
        ("a.zip", zipped({"a.txt": "甲"}), "formats.unknown-type"),
        ("a.csv", b"a,b\n", "formats.unknown-type"),
        ("a", b"SQLite format 3\0" + bytes(100), "formats.unknown-type"),
        ("a.pptx", zipped({"ppt/presentation.xml": "<p/>"}), "formats.unknown-type"),
        ("a.mht", b"MIME-Version: 1.0\r\n", "formats.unknown-type"),
        ("a.xml", b"<?xml version='1.0'?><a/>", "formats.unknown-type"),
    ],
)
def test_types_that_are_not_read_have_their_answer(name: str, data: bytes, code: str) -> None:
    assert refused(name, data).code == code


def test_unknown_type_names_what_is_accepted() -> None:
    accepted = str(refused("a.csv", b"a,b\n").params["accepted"])
    assert all(suffix in accepted.split() for suffix in SUFFIXES)


def test_file_without_ending_is_read_by_its_content() -> None:
    assert read_bytes("notice", docx_file()).format == "docx"
    assert read_bytes("notice", text_file().encode()).format == "txt"


def test_capital_endings_are_the_same() -> None:
    assert read_bytes("A.DOCX", docx_file()).format == "docx"
    assert read_bytes("A.HTML", html_file()).format == "html"


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": b"x"},
        {"word/media/vbaProject.bin": b"x"},
        {"word/embeddings/inner.xlsm": b"PK\x03\x04"},
        {"word/embeddings/inner.xlsx": zipped({"[Content_Types].xml": "<T/>", "xl/vbaProject.bin": "x"})},
        {"word/embeddings/object.bin": compound_file("Macros", "VBA")},
        {"[Content_Types].xml": "<Types><Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/></Types>"},
    ],
)  # fmt: skip
def test_macros_anywhere_inside_are_refused(parts: dict[str, bytes]) -> None:
    assert refused("a.docx", zipped({**docx_parts(p("正文")), **parts})).code == "formats.macros"


@pytest.mark.parametrize("name", ["a.docm", "a.xlsm", "a.dotm", "a.xlsb"])
def test_endings_for_macros_are_refused_whatever_is_inside(name: str) -> None:
    assert refused(name, docx_file()).code == "formats.macros"


@pytest.mark.parametrize("storage", ["Macros", "_VBA_PROJECT_CUR", "VBA"])
def test_macros_in_old_files_are_refused(storage: str) -> None:
    assert refused("a.doc", compound_file("WordDocument", storage)).code == "formats.macros"


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.doc"])
def test_document_under_a_password_is_refused(name: str) -> None:
    assert refused(name, compound_file("EncryptionInfo", "EncryptedPackage")).code == "formats.encrypted"


def test_zip_entry_under_a_password_is_refused() -> None:
    data = bytearray(docx_file())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused("a.docx", bytes(data)).code == "formats.encrypted"


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "_rels/.rels"]
)
def test_external_entities_are_refused_in_every_part(part: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("绝不应读出")
    parts = docx_parts(p("正文"))
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    parts[part] = doctype + str(parts.get(part, "<x/>")).replace("正文", "&e;")
    assert refused("a.docx", zipped(parts)).code == "formats.doctype"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_document_type_in_another_encoding_is_seen(encoding: str) -> None:
    parts = docx_parts(p("正文"))
    parts["word/styles.xml"] = "<!DOCTYPE x><x/>".encode(encoding)
    assert refused("a.docx", zipped(parts)).code == "formats.doctype"


def test_entities_that_multiply_are_refused_at_once() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    parts = docx_parts(p("&l11;"))
    parts["word/document.xml"] = f'<!DOCTYPE x [<!ENTITY l0 "哈">{entities}]>' + str(
        parts["word/document.xml"]
    )
    assert refused("a.docx", zipped(parts)).code == "formats.doctype"


def test_bomb_of_zeros_is_refused() -> None:
    bomb = {**docx_parts(p("正文")), "word/media/image1.bmp": bytes(60 * limits.MEGABYTE)}
    assert refused("a.docx", zipped(bomb)).code == "formats.inflates-too-much"


def test_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(zipped({**docx_parts(p("正文")), "word/media/image1.bmp": bytes(60 * limits.MEGABYTE)}))
    real, at = struct.pack("<I", 60 * limits.MEGABYTE), 0
    while (at := data.find(real, at)) >= 0:
        data[at : at + 4] = struct.pack("<I", 100)
    assert refused("a.docx", bytes(data)).code in ("formats.inflates-too-much", "formats.truncated")


def test_many_small_entries_that_sum_up_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "INFLATED_BYTES", limits.MEGABYTE)
    entries = {f"word/media/{n}.bin": bytes(limits.MEGABYTE // 4) for n in range(5)}
    assert refused("a.docx", zipped({**docx_parts(p("正文")), **entries})).code == "formats.inflates-too-much"


def test_too_many_entries_are_refused() -> None:
    entries = {f"word/media/{n}.txt": "" for n in range(limits.ENTRY_COUNT)}
    assert refused("a.docx", zipped({**docx_parts(p("正文")), **entries})).code == "formats.too-many-entries"


@pytest.mark.parametrize(
    "parts", [{"word/x.zip": b"PK"}, {"word/x.bin": zipped({"a": "b"})}, {"word/x.rar": b"Rar!"}]
)
def test_archive_within_the_archive_is_refused(parts: dict[str, bytes]) -> None:
    assert refused("a.docx", zipped({**docx_parts(p("正文")), **parts})).code == "formats.nested-archive"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused() -> None:
    buffer = io.BytesIO(docx_file())
    with zipfile.ZipFile(buffer, "a") as file:
        file.writestr("word/document.xml", "<x/>")
    assert refused("a.docx", buffer.getvalue()).code == "formats.repeated-entry"


def test_xml_nested_beyond_reason_is_refused() -> None:
    deep = "<w:smartTag>" * 5_000 + "</w:smartTag>" * 5_000
    assert refused("a.docx", docx_file(f"<w:p>{deep}</w:p>")).code == "formats.broken-xml"


def test_a_page_that_opens_without_end_is_refused_before_it_is_parsed() -> None:
    assert refused("a.html", b"<div>" * 200_000 + b"x").code == "formats.too-deep"


def test_a_page_that_leaves_its_paragraphs_open_is_read() -> None:
    lines = read_bytes("a.html", ("<html><body>" + "<p>正文，写得不深。<br>" * 30_000).encode()).lines
    assert len(lines) > 20_000


def test_page_nested_beyond_reason_is_refused_or_read() -> None:
    page = ("<html><body>" + "<div>" * 20_000 + "正文，很深的正文。").encode()
    assert refused("a.html", page).code == "formats.too-deep"


def test_file_over_the_limit_is_refused_with_its_size() -> None:
    refusal = refused("a.txt", b"a" * (limits.FILE_BYTES + 1))
    assert refusal.code == "formats.too-large"
    assert refusal.params["limit"] == 50


def test_file_of_the_limit_itself_is_allowed() -> None:
    limits.check_size(b"a" * limits.FILE_BYTES)


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINES", 100)
    assert len(read_bytes("a.txt", b"a\n" * 100).lines) == 100
    assert refused("a.txt", b"a\n" * 101).code == "formats.too-many-lines"


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "没有.txt", "formats.no-such-file"), (tmp_path, "formats.cannot-open")):
        with pytest.raises(UnreadableFile) as refusal:
            read_file(path)
        assert refusal.value.code == code


@pytest.mark.parametrize("size", [4, 100, 600, 1_500])
def test_old_file_cut_short_is_refused(size: int) -> None:
    assert refused("a.doc", compound_file("WordDocument")[:size]).code in (
        "formats.truncated",
        "formats.not-text",
        "formats.name-lies",
    )


def test_directory_that_runs_in_a_circle_ends() -> None:
    data = bytearray(compound_file("WordDocument", "甲", "乙", "丙", "丁"))
    struct.pack_into("<I", data, 512 + 8, 1)
    assert compound.stream_names(bytes(data)) is None


def test_content_is_told_apart_without_a_name() -> None:
    assert [sniff(data) for data in (pdf_file(), docx_file(), html_file(), text_file().encode("utf-16"))] == [
        "pdf", "docx", "html", "txt",
    ]  # fmt: skip
