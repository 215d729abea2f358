"""Real processes: a worker that is killed loses its job to another; workers side by side share the work."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import NOW
from tests.cli.running import Place, new_place

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def begin(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    place: Place = new_place(tmp_path / "home")
    environ = {
        **os.environ,
        "BIHUAN_HOME": str(place.home),
        "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
    }
    environ["DATABASE_URL"] = place.database_url

    def begin(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "import django; django.setup(); import tests.jobs.working", *words]
        return subprocess.Popen(command, env=environ, cwd=ROOT, text=True, stdout=subprocess.PIPE)

    return begin


def said(process: subprocess.Popen[str]) -> list[str]:
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out.splitlines()


def test_the_job_of_a_killed_worker_is_taken_over(begin: Callable[..., subprocess.Popen[str]]) -> None:
    at, later = NOW.isoformat(), (NOW + timedelta(minutes=5)).isoformat()
    said(begin("prepare", at, "1"))
    hanging = begin("hang", at)
    assert hanging.stdout is not None
    assert hanging.stdout.readline() == "working 0\n"
    assert said(begin("work", at, "early")) == []
    hanging.kill()
    hanging.wait(timeout=30)
    assert said(begin("work", later, "heir")) == ["did 0"]
    assert said(begin("look", later)) == ["r0 True heir 2"]
    assert said(begin("work", later, "again")) == []


def test_workers_side_by_side_do_each_job_once(begin: Callable[..., subprocess.Popen[str]]) -> None:
    at = NOW.isoformat()
    said(begin("prepare", at, "60"))
    workers = [begin("work", at, f"w{n}") for n in range(3)]
    done = [line for worker in workers for line in said(worker)]
    assert sorted(done) == sorted(f"did {n}" for n in range(60))
    assert {line.split()[-1] for line in said(begin("look", at))} == {"1"}
