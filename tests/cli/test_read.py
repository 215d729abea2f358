"""`bihuan read`: JSON lines for programs, a summary for a person, and every file gets its answer."""

import json
from pathlib import Path

import pytest

from bihuan.cli.main import main
from tests.core.test_reading_structure import NOTICE


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "通报.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def test_json_is_one_object_a_line(notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--json", str(notice), str(notice)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["file"] for line in lines] == [str(notice)] * 2
    assert json.loads(lines[0])["tally"] == {
        "aspects": 2, "problems": 4, "completed": 3, "long_term": 1, "policies": 6,
    }  # fmt: skip


def test_an_unreadable_file_is_named_and_the_others_are_read(
    notice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "没有.txt"
    assert main(["read", "--json", str(missing), str(notice)]) == 2
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["file"] == str(missing)
    assert first["error"]["code"].startswith("formats.")
    assert first["error"]["message"] != first["error"]["code"]
    assert second["kind"] == "notice"


@pytest.mark.parametrize(
    ("lang", "words"), [("zh-Hans", ("类型：整改情况通报", "第")), ("en", ("Kind: notice", "line"))]
)
def test_a_person_reads_a_summary(
    notice: Path, lang: str, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = notice.with_name("坏.txt")
    spoilt.write_text(NOTICE.replace("学习", "学?习"), encoding="utf-8")
    assert main(["--lang", lang, "read", str(spoilt)]) == 0
    page = capsys.readouterr().out
    assert all(word in page for word in words)
    assert "学习计划" in page or "学?习计划" in page


def test_a_warning_is_a_sentence(notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice.write_text(NOTICE.replace("学习", "学?习"), encoding="utf-8")
    main(["read", "--json", str(notice)])
    (warning,) = json.loads(capsys.readouterr().out)["warnings"]
    assert warning["code"] == "reading.lost-characters"
    assert "缺字" in warning["message"]
    assert warning["place"]["line"] > 0
