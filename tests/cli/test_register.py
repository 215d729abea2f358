"""The commands that others script against: import, write, export, demo, and what they say when it cannot be done."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Place, new_place

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = new_place(tmp_path_factory.mktemp("register"))
    place.run("migrate")
    return place


def test_a_notice_is_imported_written_and_read_back(place: Place, tmp_path: Path) -> None:
    said = place.run("import", SAMPLES / "整改通报.docx").stdout
    assert said.startswith("inspection 1\n")
    assert "32个" in said
    again = place.run("import", SAMPLES / "整改通报.docx").stdout
    assert again.startswith("inspection 1\n")
    assert "没有改动" in again
    for suffix in ("txt", "docx", "pdf"):
        out = tmp_path / f"notice.{suffix}"
        place.run("write", "--as-of", "2026-11-22", "--format", suffix, "-o", out, "1")
        read = json.loads(place.run("read", "--json", out).stdout)
        source = json.loads(place.run("read", "--json", SAMPLES / "整改通报.docx").stdout)
        assert read["tally"] == source["tally"]
        assert len([problem for finding in read["findings"] for problem in finding["problems"]]) == 32
    assert "与登记一致" in place.run("replay").stdout


def test_a_plan_goes_into_the_live_inspection(tmp_path: Path) -> None:
    place = new_place(tmp_path / "plan")
    place.run("migrate")
    refused = place.run("import", SAMPLES / "整改方案任务表.xlsx", check=False)
    assert refused.returncode == 1
    assert refused.stderr.strip()
    assert "共0条" in place.run("replay").stdout
    place.run("import", SAMPLES / "反馈意见.docx")
    said = place.run("import", SAMPLES / "整改方案任务表.xlsx").stdout
    assert "任务49项" in said
    out = tmp_path / "tasks.xlsx"
    place.run("export", "tasks", "-o", out)
    assert out.stat().st_size > 5000
    assert "与登记一致" in place.run("replay").stdout


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.txt", b""),
        ("不是.docx", b"PK\x03\x04 cut off"),
        ("闲话.txt", "今天天气很好。\n".encode()),
        ("没有.txt", None),
    ],
)
def test_what_cannot_be_placed_is_said_and_nothing_is_written(
    place: Place, tmp_path: Path, name: str, content: bytes | None
) -> None:
    before = place.run("replay").stdout
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = place.run("import", tmp_path / name, check=False)
    assert done.returncode in (1, 2)
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert place.run("replay").stdout == before


@pytest.mark.parametrize(
    "arguments",
    [("write", "-o", "x.docx", "99"), ("write", "--as-of", "2026-13-01", "-o", "x.docx", "1"), ("write", "-o", "x.odt", "1"),
     ("write", "-o", "/nowhere/x.docx", "1"), ("account", "reset", "nobody")],
)  # fmt: skip
def test_wrong_use_is_said_in_a_sentence(place: Place, arguments: tuple[str, ...]) -> None:
    done = place.run(*arguments, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("。")
    assert "Traceback" not in done.stderr


def test_demonstration_builds_once_and_keeps_its_passwords(tmp_path: Path) -> None:
    place = new_place(tmp_path / "demo")
    first = place.run("demo", "--build-only").stdout
    assert "fangjingyi" in first
    assert place.run("demo", "--build-only").stdout == first
    assert "与登记一致" in place.run("replay").stdout


ELSEWHERE = """清河经济开发区党工委关于巡察整改进展情况的通报
根据市委统一部署，2026年3月2日至4月10日，市委第一巡察组对清河经济开发区党工委进行了巡察。2026年5月8日，市委第一巡察组反馈了巡察意见。现将巡察整改进展情况予以公布。
一、组织整改落实情况
召开专题会议3次，逐项登记问题。
二、巡察反馈问题整改情况
（一）反馈问题：档案管理有差距。
1.合同档案不全。
整改情况：补齐合同16份，建立目录1册。
清河经济开发区党工委
2026年9月1日
"""


def test_a_document_of_another_organisation_is_asked_about(tmp_path: Path) -> None:
    place = new_place(tmp_path / "two")
    place.run("migrate")
    place.run("import", SAMPLES / "整改通报.docx")
    (tmp_path / "清河.txt").write_text(ELSEWHERE, encoding="utf-8")
    done = place.run("import", tmp_path / "清河.txt", check=False)
    assert done.returncode == 1
    assert "清河经济开发区党工委" in done.stderr
    assert "--create" in done.stderr
    assert len([path for path in (tmp_path / "two" / "files").rglob("*") if path.is_file()]) == 1
    assert place.run("import", "--create", tmp_path / "清河.txt").stdout.startswith("inspection 2\n")
    out = tmp_path / "n.txt"
    place.run("write", "-o", out, "2")
    assert out.read_text(encoding="utf-8").startswith("清河经济开发区党工委关于巡察整改进展情况的通报")
