"""`bihuan export` writes any list of the whole installation, or of one inspection."""

from pathlib import Path

import openpyxl
import pytest

from bihuan.cli.main import main
from bihuan.core.lists import LISTINGS
from tests.cast import Cast
from tests.making import make_inspection, make_institution, make_register

pytestmark = pytest.mark.django_db


def sheet(path: Path) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("name", LISTINGS)
def test_every_list_is_written_with_all_its_columns(name: str, cast: Cast, tmp_path: Path) -> None:
    make_register(cast, count=3)
    make_institution(cast)
    out = tmp_path / "out.xlsx"
    assert main(["export", name, "-o", str(out)]) == 0
    rows = sheet(out)
    more = 1 if name in ("tasks", "problems", "inspections") else 0
    assert len(rows[0]) == len(LISTINGS[name].columns) + more
    assert len(rows) == 1 + {"tasks": 3, "problems": 3, "responsibilities": 1}.get(name, 1)


def test_one_inspection_is_written_alone(cast: Cast, tmp_path: Path) -> None:
    task = make_register(cast, count=2)[0]
    other = make_inspection(cast, title="另一次", feedback_on="2026-01-01")
    out = tmp_path / "out.xlsx"
    assert main(["export", "tasks", "-o", str(out), "--inspection", str(task.inspection_id)]) == 0
    assert len(sheet(out)) == 3
    assert main(["export", "tasks", "-o", str(out), "--inspection", str(other.pk)]) == 0
    assert len(sheet(out)) == 1


def test_what_cannot_be_written_is_said_and_leaves_what_was_there(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "tasks", "-o", str(tmp_path), "--inspection", "99"]) == 1
    assert "99" in capsys.readouterr().err
    assert main(["export", "inspections", "-o", str(tmp_path / "x.xlsx"), "--inspection", "1"]) == 1
    assert main(["export", "tasks", "-o", str(tmp_path / "no" / "x.xlsx")]) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_words_are_in_the_language_asked_for(cast: Cast, tmp_path: Path) -> None:
    make_register(cast)
    out = tmp_path / "out.xlsx"
    assert main(["--lang", "en", "export", "inspections", "-o", str(out)]) == 0
    assert sheet(out)[0][:2] == ["Number", "Title"]
