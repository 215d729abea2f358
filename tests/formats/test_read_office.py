import os
import stat
import time
from pathlib import Path

import docx
import pytest

from bihuan.core.source import UnreadableFile
from bihuan.formats import limits, office, read_bytes
from tests.formats.read_samples import PARAGRAPHS, TABLE, zipped

RTF = "{\\rtf1\\ansi " + "".join(f"\\u{ord(char)}?" for char in PARAGRAPHS[0]) + "\\par}"


def as_kind(tmp_path: Path, kind: str) -> bytes:
    """Return the sample as LibreOffice saves it; without LibreOffice (`make system` installs it) this fails."""
    document = docx.Document()
    for paragraph in PARAGRAPHS:
        document.add_paragraph(paragraph)
    rows = document.add_table(len(TABLE), len(TABLE[0])).rows
    for row, texts in zip(rows, TABLE, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph()  # Word, too, ends a document with a paragraph: the old format cannot do without
    document.save(str(tmp_path / "a.docx"))
    return office.convert("a.docx", (tmp_path / "a.docx").read_bytes(), target=kind)


def test_old_word_file_gives_the_same_paragraphs_under_both_names(tmp_path: Path) -> None:
    data = as_kind(tmp_path, "doc")
    for name in ("通报.doc", "通报.wps"):
        source = read_bytes(name, data)
        assert source.name == name
        assert [line.text for line in source.lines if line.role == "text"] == list(PARAGRAPHS)
        assert [line.cells for line in source.lines if line.role == "row"] == list(TABLE)


def test_rich_text_is_read_also_under_the_name_of_word() -> None:
    for name in ("a.rtf", "a.doc"):
        assert [line.text for line in read_bytes(name, RTF.encode()).lines] == [PARAGRAPHS[0]]


def test_open_document_text_is_read(tmp_path: Path) -> None:
    texts = [line.text for line in read_bytes("a.odt", as_kind(tmp_path, "odt")).lines if line.role == "text"]
    assert texts == list(PARAGRAPHS)


def test_answer_without_libreoffice_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda _: None)
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("a.rtf", RTF.encode())
    assert refusal.value.code == "formats.needs-libreoffice"
    assert refusal.value.params == {"suffix": ".rtf", "target": ".docx"}


def program(folder: Path, script: str) -> str:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_conversion_that_takes_too_long_is_ended_with_its_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(office.shutil, "which", lambda _: slow)
    monkeypatch.setattr(limits, "OFFICE_SECONDS", 0.5)
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("a.rtf", RTF.encode())
    assert refusal.value.code == "formats.conversion-timeout"
    child = int((tmp_path / "child").read_text())
    for _ in range(50):
        if is_gone(child):
            return
        time.sleep(0.1)
    pytest.fail("the program that the conversion started still runs")


def is_gone(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    if status.exists():
        return status.read_text().rsplit(")", 1)[1].split()[0] == "Z"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_conversion_that_gives_nothing_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda _: program(tmp_path, "exit 0"))
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("a.rtf", RTF.encode())
    assert refusal.value.code == "formats.conversion-failed"


def test_conversion_sees_a_profile_of_its_own_without_macros_and_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = f'cp "$HOME/profile/user/registrymodifications.xcu" {tmp_path}/seen.xcu; env > {tmp_path}/env'
    monkeypatch.setattr(office.shutil, "which", lambda _: program(tmp_path, script))
    monkeypatch.setenv("SECRET_OF_THE_SERVER", "x")
    with pytest.raises(UnreadableFile):
        read_bytes("--help.rtf", RTF.encode())
    seen = (tmp_path / "seen.xcu").read_text()
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in seen
    assert 'oor:path="/org.openoffice.Inet/Settings"' in seen
    assert "SECRET_OF_THE_SERVER" not in (tmp_path / "env").read_text()


def test_broken_open_document_ends_in_a_refusal() -> None:
    with pytest.raises(UnreadableFile):
        read_bytes(
            "a.odt", zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x"})
        )
