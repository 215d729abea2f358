"""`bihuan sample`: the same list and seed draw the same rows, by file, by coreutils and on a machine without data."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook

from bihuan.cli.main import main
from bihuan.core.sampling import Item, bound_seed, draw, list_digest, list_text

STRATA = ("unit", "risk")
ITEMS = [
    Item(f"{number}-1", (("生态环境部", "安全生产监管部")[number % 2], "重点" if number % 4 == 0 else "一般"))
    for number in range(1, 21)
]


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(list_text(ITEMS, strata=STRATA).encode())
    return path


def workbook(path: Path, items: list[Item]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["标题", "编号", "unit", "risk"])
    for item in reversed(items):
        sheet.append(["随便写的", item.id, *item.stratum])
    book.save(path)
    return path


def asked(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["sample", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_csv_and_workbook_give_what_core_gives(
    frozen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = bound_seed("3-5-1-6-2", list_digest(ITEMS, strata=STRATA))
    expected = [one.item.id for one in draw(ITEMS, seed=seed, size=7, strata=STRATA).drawn]
    for path in (frozen, workbook(tmp_path / "list.xlsx", ITEMS)):
        code, out, err = asked(capsys, "--seed", seed, "--size", 7, "--strata", "unit,risk", "--json", path)
        assert (code, err) == (0, "")
        told = json.loads(out)
        assert [row["id"] for row in told["drawn"]] == expected
        assert told["digest"] == hashlib.sha256(frozen.read_bytes()).hexdigest()


def test_the_line_for_a_shell_computes_the_ticket(frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, "--seed", "it's 5", "--size", 1, frozen)
    assert code == 0
    line = out.strip().splitlines()[-1].partition("：")[2]
    drawn = next(row.split("\t") for row in out.splitlines() if "\t" in row)
    shell = shutil.which("sh")
    assert shell is not None
    assert subprocess.run([shell, "-c", line], capture_output=True, text=True).stdout.split()[0] == drawn[3]


def test_a_list_changed_after_the_freeze_is_named(
    frozen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = bound_seed("3-5-1-6-2", list_digest(ITEMS, strata=STRATA))
    other = workbook(tmp_path / "other.xlsx", ITEMS[1:])
    code, _, err = asked(capsys, "--seed", seed, "--size", 7, "--strata", "unit,risk", other)
    assert code == 1
    assert "这不是种子所绑定的名单" in err


def test_verify_says_the_same_or_what_differs(
    frozen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = draw(ITEMS, seed="5", size=6, strata=STRATA).drawn
    good = tmp_path / "drawn.csv"
    good.write_text("编号,名称\n" + "".join(f"{one.item.id},x\n" for one in drawn), encoding="gb18030")
    arguments = ("--seed", "5", "--size", 6, "--strata", "unit,risk", "--verify")
    code, _, err = asked(capsys, *arguments, good, frozen)
    assert (code, "一致" in err) == (0, True)
    good.write_text("编号\n99-9\n" + "".join(f"{one.item.id}\n" for one in drawn[1:]), encoding="utf-8")
    code, _, err = asked(capsys, *arguments, good, frozen)
    assert code == 1
    assert "99-9" in err
    assert drawn[0].item.id in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--strata", "单位"], "没有“单位”这一列"),
        (["--weights", "重点=x"], "权数“重点=x”看不懂"),
        (["--size", "99"], "不能抽99行"),
        (["--strata", "unit,risk", "--size", "2"], "每层至少抽1行"),
    ],
)
def test_wrong_use_is_said(
    frozen: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--seed", "1", "--size", "3", *arguments, frozen]
    code, out, err = asked(capsys, *given)
    assert (code, out) == (1, "")
    assert words in err


def test_a_file_that_is_no_list_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("id\n", encoding="utf-8")
    assert asked(capsys, "--seed", "1", "--size", 1, empty)[0] == 2
    assert asked(capsys, "--seed", "1", "--size", 1, tmp_path / "none.csv")[0] == 2
