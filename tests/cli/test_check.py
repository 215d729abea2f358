"""`bihuan check` as people and scripts use it."""

import json
from pathlib import Path

import docx
import pytest

from bihuan.cli.main import main

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FAULTY = SAMPLES / "faulty" / "整改通报（有毛病）.docx"
CLEAN = SAMPLES / "整改通报.txt"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main(["check", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_file_without_faults_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, CLEAN)
    assert (code, out) == (0, f"{CLEAN}：没有发现需要核对的地方。\n")


def test_faults_are_printed_one_a_line_with_a_count_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, FAULTY)
    lines = out.splitlines()
    assert code == 1
    assert any("分项与总数不符（parts-sum）" in line and "须改" in line for line in lines)
    assert any("拟改：截至目前" in line for line in lines)
    assert lines[-1].startswith(f"{FAULTY}：须改")


def test_json_gives_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--json", FAULTY)
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert all(
        {"file", "code", "severity", "message", "line", "quote", "related"} <= row.keys() for row in rows
    )
    [row] = [row for row in rows if row["code"] == "percent"]
    assert (row["severity"], row["quote"], row["proposal"]) == ("error", "85.31%", "75.31%")
    [shared] = [row for row in rows if row["code"] == "reused-measure"]
    assert shared["related"][0]["line"] < shared["line"]


def test_english_speaks_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "check", str(FAULTY)]) == 1
    out = capsys.readouterr().out
    assert "Proposed: 75.31%" in out
    assert "请核对" not in out


def test_the_signing_profile_is_stricter(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "通报.txt"
    path.write_text(
        CLEAN.read_text(encoding="utf-8").replace("新增备案75家，", "已全部备案，"), encoding="utf-8"
    )
    path.write_text(
        path.read_text(encoding="utf-8").replace("“一岗双责”落实不到位。", "见附件3。", 1), encoding="utf-8"
    )
    assert run(capsys, path)[0] == 0
    assert run(capsys, "--profile", "sign", path)[0] == 1


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    absent = tmp_path / "没有.docx"
    code, out, _ = run(capsys, "--json", absent, CLEAN, FAULTY)
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert rows[0]["error"]["code"] == "formats.no-such-file"
    assert rows[0]["error"]["message"]
    assert {row["file"] for row in rows[1:]} == {str(FAULTY)}
    code, out, err = run(capsys, absent)
    assert (code, out) == (2, "")
    assert "没有.docx" in err


def test_the_document_comes_back_with_comments(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for source in (FAULTY, FAULTY.with_suffix(".txt")):
        out = tmp_path / f"{source.suffix[1:]}.docx"
        assert run(capsys, "--docx", out, source)[0] == 1
        comments = list(docx.Document(str(out)).comments)
        assert {comment.author for comment in comments} == {"闭环"}
        assert any("截至目前" in comment.text for comment in comments)


def test_the_file_itself_is_never_written_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "通报.docx"
    path.write_bytes(FAULTY.read_bytes())
    code, _, err = run(capsys, "--docx", path, path)
    assert (code, path.read_bytes()) == (2, FAULTY.read_bytes())
    assert "另给一个文件名" in err


def test_what_cannot_be_written_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "--docx", tmp_path / "没有" / "批注.docx", FAULTY)
    assert code == 2
    assert "批注.docx" in err
    code, _, err = run(capsys, "--docx", tmp_path / "批注.docx", FAULTY, CLEAN)
    assert code == 2
    assert "--docx" in err
