"""A process that is killed in the middle of a registration leaves nothing, and the draft can be registered after."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(home: Path, what: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "BIHUAN_HOME": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "tests.documents.killed", what],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_killed_process_leaves_nothing_half_written(tmp_path):
    assert run(tmp_path, "begin").returncode == 0
    for step in ("5", "99"):
        assert run(tmp_path, step).returncode == 9
    assert run(tmp_path, "finish").stdout == "0 0 0 open;1 32 0 registered;"
