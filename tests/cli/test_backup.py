"""Backup and restore: everything comes back, or nothing does and it is said why."""

import json
import tarfile
from pathlib import Path

import pytest

from tests.cli.running import Place, new_place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = new_place(tmp_path / "home")
    place.run("migrate")
    place.run("account", "first-code")
    return place


def test_backup_comes_back_whole_in_an_empty_place(place: Place, tmp_path: Path) -> None:
    archive = tmp_path / "kept.tar"
    said = place.run("backup", "-o", archive).stdout
    assert "已备份到" in said
    assert archive.stat().st_mode & 0o077 == 0
    other = new_place(tmp_path / "other")
    said = other.run("restore", "--verify", archive).stdout
    assert "核验无误" in said
    assert "变更记录完整" in other.run("replay").stdout
    assert "恢复" in said


def test_restore_is_itself_an_event(place: Place, tmp_path: Path) -> None:
    archive = tmp_path / "kept.tar"
    place.run("backup", "-o", archive)
    other = new_place(tmp_path / "other")
    other.run("restore", archive)
    with tarfile.open(archive) as kept:
        seq = json.loads(kept.extractfile("manifest.json").read())["seq"]
    assert f"共{seq + 1}条" in other.run("replay").stdout


def test_backup_never_overwrites(place: Place, tmp_path: Path) -> None:
    archive = tmp_path / "kept.tar"
    archive.write_bytes(b"mine")
    done = place.run("backup", "-o", archive, check=False)
    assert done.returncode == 1
    assert "没有覆盖" in done.stderr
    assert archive.read_bytes() == b"mine"


def test_restore_over_data_is_refused(place: Place, tmp_path: Path) -> None:
    archive = tmp_path / "kept.tar"
    place.run("backup", "-o", archive)
    done = place.run("restore", archive, check=False)
    assert done.returncode == 1
    assert "已有数据" in done.stderr


@pytest.mark.parametrize("damage", ["cut", "flipped", "text"])
def test_damaged_archive_restores_nothing(place: Place, tmp_path: Path, damage: str) -> None:
    archive = tmp_path / "kept.tar"
    place.run("backup", "-o", archive)
    content = bytearray(archive.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        content[len(content) // 2] ^= 0xFF
    else:
        content = bytearray("不是备份".encode())
    archive.write_bytes(content)
    other = new_place(tmp_path / "other")
    done = other.run("restore", archive, check=False)
    assert done.returncode == 1
    assert "没有恢复任何内容" in done.stderr
    other.run("migrate")
    assert "共0条" in other.run("replay").stdout


def test_commands_answer_in_english_too(place: Place) -> None:
    assert "The record is whole" in place.run("--lang", "en", "replay").stdout
    assert "Bihuan" in place.run("--help", lang="en").stdout
