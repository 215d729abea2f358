"""What is taken as evidence, and what is not whatever it is called."""

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image

from bihuan.core.source import UnreadableFile
from bihuan.formats.admission import judge
from bihuan.formats.glance import glance
from bihuan.formats.photo import facts, picture

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>"


def zipped(entries: dict[str, bytes], **how: object) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return sink.getvalue()


def docx(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    sink = io.BytesIO()
    document.save(sink)
    return sink.getvalue()


def xlsx(*cells: str) -> bytes:
    book, sink = Workbook(), io.BytesIO()
    for cell in cells:
        book.active.append([cell])
    book.save(sink)
    return sink.getvalue()


def jpeg(taken: str | None = "2026:09:01 10:00:00", *, place: bool = False) -> bytes:
    image, sink = Image.new("RGB", (64, 48), "green"), io.BytesIO()
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    if place:
        exif.get_ifd(0x8825)[1] = "N"
    image.save(sink, "JPEG", exif=exif)
    return sink.getvalue()


def put(folder: Path, data: bytes) -> Path:
    path = folder / "part"
    path.write_bytes(data)
    return path


LINK = zipfile.ZipInfo("link.txt")
LINK.external_attr = 0o120777 << 16


def linked() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as file:
        file.writestr(LINK, "/etc/passwd")
    return sink.getvalue()


def bomb() -> bytes:
    return zipped({"a.txt": b"0" * (64 << 20)})


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("台账.pdf", b"<!DOCTYPE html><html><body>x</body></html>", "files.name-lies-page"),
        ("台账.pdf", b"\xef\xbb\xbf  <script>alert(1)</script>", "files.name-lies-page"),
        ("页.html", b"<html></html>", "files.web-page"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "files.svg"),
        ("图.svg", b"<?xml version='1.0'?><svg onload='x()'/>", "files.svg"),
        ("图.txt", "<svg onload='x()'/>".encode("utf-16"), "files.svg"),
        ("说明.docx", b"MZ\x90\0", "files.executable"),
        ("说明.txt", b"#!/bin/sh\nrm", "files.executable"),
        ("程序.exe", b"MZ\x90\0", "files.executable"),
        ("脚本.bat", b"@echo off", "files.kind"),
        ("无后缀", b"abc", "files.kind"),
        ("说明.txt", b"a\0b\0\x01", "files.kind"),
        ("毒.txt", EICAR.encode(), "files.harmful"),
        ("毒.pdf", EICAR.encode(), "files.harmful"),
        ("毒.zip", zipped({"a.txt": EICAR.encode()}), "files.harmful"),
        ("图.pdf", b"GIF89a" + PDF, "files.two-natures"),
        ("图.jpg", jpeg() + zipped({"a.txt": b"x"}), "files.two-natures"),
        ("文.pdf", PDF + zipped({"a.txt": b"x"}), "files.two-natures"),
        ("照片.png", jpeg(), "files.name-lies"),
        ("表.xlsx", docx("字"), "files.name-lies"),
        ("宏.docx", zipped({"word/document.xml": b"<a/>", "word/vbaProject.bin": b"x"}), "formats.macros"),
        ("宏.xlsm", xlsx("a"), "formats.macros"),
        ("包.zip", zipped({"../../a.txt": b"x"}), "files.archive-path"),
        ("包.zip", zipped({"..\\a.txt": b"x"}), "files.archive-path"),
        ("包.zip", zipped({"/etc/a.txt": b"x"}), "files.archive-path"),
        ("包.zip", zipped({"C:/a.txt": b"x"}), "files.archive-path"),
        ("包.zip", linked(), "files.archive-path"),
        ("包.zip", zipped({"b.zip": zipped({"a.txt": b"x"})}), "files.archive-nested"),
        ("包.zip", zipped({"a.exe": b"MZ"}), "files.executable"),
        ("包.zip", zipped({"a.pdf": b"<html>"}), "files.name-lies-page"),
        ("包.zip", bomb(), "formats.inflates-too-much"),
        ("断.zip", zipped({"a.txt": b"x"})[:30], "formats.truncated"),
        ("程序.zip", zipped({"META-INF/MANIFEST.MF": b"x"}), "files.executable"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "formats.truncated"),
    ],
)  # fmt: skip
def test_what_a_careful_system_refuses(name: str, data: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        judge(put(tmp_path, data), name)
    assert refused.value.code == code
    assert [path.name for path in tmp_path.iterdir()] == ["part"]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", PDF, "pdf"), ("a.docx", docx("字"), "docx"), ("a.wps", docx("字"), "docx"),
        ("a.xlsx", xlsx("字"), "xlsx"), ("a.TXT", "文字".encode("gb18030"), "txt"), ("a.csv", b"a,b", "txt"),
        ("a.JPG", jpeg(), "jpeg"), ("a.mp4", b"\0\0\0\x18ftypmp42", "mp4"), ("a.mov", b"\0\0\0\x18ftypqt  ", "mp4"),
        ("a.heic", b"\0\0\0\x18ftypheic", "heic"), ("a.amr", b"#!AMR\nxx", "amr"),
        ("a.zip", zipped({"照片/1.jpg": jpeg(), "说明.txt": b"ok", "空/": b""}), "zip"),
        ("a.txt", "小于号 < 不是网页".encode(), "txt"),
    ],
)  # fmt: skip
def test_what_is_taken(name: str, data: bytes, kind: str, tmp_path: Path) -> None:
    assert judge(put(tmp_path, data), name) == kind


def test_every_file_of_an_archive_is_looked_at(tmp_path: Path) -> None:
    seen = []
    data = zipped({"a/说明.txt": b"ok", "b.docx": docx("机密★1年")})
    judge(put(tmp_path, data), "包.zip", look=lambda path, name, kind: seen.append((name, kind)))
    assert seen == [("包.zip", "zip"), ("说明.txt", "txt"), ("b.docx", "docx")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (docx("秘 密 ★ 1 年", "正文"), "docx"), (xlsx("秘 密 ★ 1 年"), "xlsx"),
        ("秘 密 ★ 1 年\n正文".encode("gb18030"), "txt"), ("秘 密 ★ 1 年\n正文".encode("utf-16"), "txt"),
        (rb"{\rtf1\ansi\ansicpg936 " + "".join(f"\\'{b:02x}" for b in "秘密".encode("gbk")).encode() + rb"\par}", "rtf"),
        (rb"{\rtf1\ansi \u31192 ?\u23494 ?\par}", "rtf"),
    ],
)  # fmt: skip
def test_the_first_words_are_found(data: bytes, kind: str, tmp_path: Path) -> None:
    seen = glance(put(tmp_path, data), kind)
    assert "".join(seen.lines[0].split()).startswith("秘密")
    assert seen.top


@pytest.mark.parametrize("name", ["反馈意见.docx", "整改方案任务表.xlsx"])
def test_words_of_real_files_are_found(name: str) -> None:
    seen = glance(SAMPLES / name, name.rpartition(".")[2])
    assert len(seen.lines) > 10


def test_damaged_files_have_no_words(tmp_path: Path) -> None:
    for kind in ("pdf", "docx", "xlsx", "odt", "ofd", "rtf", "txt", "doc", "pptx"):
        assert glance(put(tmp_path, b"PK\x03\x04 broken"), kind).lines in (
            (),
            ("PK\x03\x04 broken",),
            ("PK broken",),
        )


def test_a_photo_says_its_day_and_only_that_it_names_a_place(tmp_path: Path) -> None:
    path = put(tmp_path, jpeg(place=True))
    assert str(facts(path).taken_on) == "2026-09-01"
    assert facts(path).has_place
    assert facts(put(tmp_path, jpeg("0000:00:00 00:00:00"))).taken_on is None
    copy = Image.open(io.BytesIO(picture(put(tmp_path, jpeg(place=True)), longest=32)))
    assert max(copy.size) == 32
    assert not dict(copy.getexif())
    assert "exif" not in copy.info


def test_a_picture_that_is_too_large_or_broken_is_refused(tmp_path: Path) -> None:
    size = b"IHDR" + (9_500).to_bytes(4) * 2 + b"\x08\x02\0\0\0"
    head = (
        b"\x89PNG\r\n\x1a\n\0\0\0\r" + size + zlib.crc32(size).to_bytes(4) + b"\0\0\0\0IDAT\x35\xaf\x06\x1e"
    )
    for data, code in ((head, "files.picture-too-large"), (b"\xff\xd8\xff\xe0junk", "files.picture-broken")):
        with pytest.raises(UnreadableFile) as refused:
            facts(put(tmp_path, data))
        assert refused.value.code == code
