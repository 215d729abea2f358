import codecs
import time
from pathlib import Path

import pytest

from bihuan.core.source import UnreadableFile
from bihuan.formats import read_bytes
from tests.formats.read_samples import PARAGRAPHS, text_file

ENCODINGS = {
    "utf-8": ("utf-8", b""),
    "utf-8 with mark": ("utf-8", codecs.BOM_UTF8),
    "gb18030": ("gb18030", b""),
    "gbk": ("gbk", b""),
    "utf-16-le": ("utf-16-le", b""),
    "utf-16-be": ("utf-16-be", b""),
    "utf-16-le with mark": ("utf-16-le", codecs.BOM_UTF16_LE),
    "utf-16-be with mark": ("utf-16-be", codecs.BOM_UTF16_BE),
}


def encoded(text: str, name: str) -> bytes:
    encoding, mark = ENCODINGS[name]
    return mark + text.encode(encoding)


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_gives_the_same_lines(name: str) -> None:
    source = read_bytes("通报.txt", encoded(text_file(), name))
    assert [line.text for line in source.lines] == list(PARAGRAPHS)
    assert source.encoding == ENCODINGS[name][0].replace("gbk", "gb18030")
    assert source.warnings == ()


@pytest.mark.shared
@pytest.mark.parametrize("name", [name for name in ENCODINGS if name != "gbk"])
def test_real_notice_gives_equal_lines_in_every_encoding(name: str, shared: Path) -> None:
    text = (shared / "notices" / "miluo-2023.txt").read_text(encoding="utf-8")
    assert read_bytes("a.txt", encoded(text, name)).lines == read_bytes("a.txt", text.encode()).lines


def test_blank_lines_use_up_their_number() -> None:
    lines = read_bytes("a.txt", "甲\n\n　　\r\n乙\r丙\f丁".encode()).lines
    assert [(line.text, line.place.line) for line in lines] == [("甲", 1), ("乙", 4), ("丙", 5), ("丁", 6)]


def test_one_damaged_character_is_marked_and_said() -> None:
    data = text_file().encode()
    spoilt = data[:400] + b"\xff" + data[401:]
    source = read_bytes("a.txt", spoilt)
    (warning,) = source.warnings
    assert warning.code == "formats.damaged-text"
    assert warning.params["encoding"] == "utf-8"
    assert warning.place is not None
    marked = [line for line in source.lines if "\ufffd" in line.text]
    assert marked[0].place.line == warning.place.line


def test_text_cut_within_a_character_is_still_read() -> None:
    source = read_bytes("a.txt", text_file().encode()[:-3])
    cut = read_bytes("a.txt", text_file().encode()[:700])
    assert source.lines[0].text == cut.lines[0].text == PARAGRAPHS[0]
    assert [warning.code for warning in cut.warnings] in ([], ["formats.damaged-text"])


def test_stray_nul_does_not_reach_the_lines() -> None:
    text = text_file()
    source = read_bytes("a.txt", (text[:60] + "\0" + text[60:]).encode())
    assert not any("\0" in line.text for line in source.lines)
    assert [warning.code for warning in source.warnings] == ["formats.damaged-text"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "formats.empty"),
        (b" \r\n\xe3\x80\x80\n", "formats.no-text"),
        (bytes(range(256)) * 40, "formats.not-text"),
        (b"\x00\x01\x02\x03" * 100, "formats.not-text"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("a.txt", data)
    assert refusal.value.code == code


def test_reading_time_grows_with_length_and_no_faster() -> None:
    def taken(data: bytes) -> float:
        start = time.process_time()
        read_bytes("a.txt", data)
        return time.process_time() - start

    small, large = (text_file() * 100).encode(), (text_file() * 1_600).encode()
    assert min(taken(large) for _ in range(3)) < 16 * 4 * min(taken(small) for _ in range(5)) + 0.3
