"""The documents cannot fall behind: every command and every setting stands in them."""

import re
from pathlib import Path

import pytest

from bihuan.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = sorted(
    set(
        re.findall(
            r'"(BIHUAN_[A-Z_]+|DATABASE_URL)"',
            "".join(p.read_text(encoding="utf-8") for p in (ROOT / "bihuan").rglob("*.py")),
        )
    )
    - {"BIHUAN_FILES", "BIHUAN_WORK", "BIHUAN_WAITING"}
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"`bihuan {command}" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name
)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
