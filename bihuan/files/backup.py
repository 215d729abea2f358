"""Database and files in one consistent archive, and back into an empty place.

database snapshot → the contents that it names → manifest with every digest → one tar; restore reads it in that order

The snapshot comes first: files are only ever added, so every content that it names is there when it is copied.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from bihuan import __version__
from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.audit.models import Event, Head
from bihuan.core.refusal import Refused
from bihuan.files.models import Keeping, StoredFile
from bihuan.files.store import path_of

FORM = 1
CHUNK = 1 << 20


class BackupRefused(Refused):
    """A backup cannot be made or taken back; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an archive holds: the point of the record, how many files, how many bytes."""

    seq: int
    head: str
    files: int
    size: int


def make_backup(target: Path, *, actor: Actor) -> Kept:
    """Write the archive to `target` (never over an existing file) and seal that it was made.

    :raises BackupRefused: ``files.backup-exists``, ``files.backup-no-room``, ``files.backup-lost`` when a content that
        the register names is gone, ``files.backup-tool`` when pg_dump is not installed or fails.
    """
    if target.exists():
        raise BackupRefused("files.backup-exists", path=str(target))
    fresh = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            dump = Path(folder) / "database"
            manifest = _snapshot(dump)
            names = manifest["files"]
            with tarfile.open(fresh, "w") as archive:
                _add_bytes(archive, "manifest.json", json.dumps(manifest, indent=1, sort_keys=True).encode())
                archive.add(dump, "database", filter=_plain)
                for name in names:
                    archive.add(path_of(name), f"files/{name}", filter=_plain)
        fresh.chmod(0o600)
        _sync(fresh)
        digest = _digest(fresh)
        fresh.rename(target)
    except OSError as error:
        raise BackupRefused("files.backup-no-room", path=str(target)) from error
    finally:
        fresh.unlink(missing_ok=True)
    _seal("backup", digest=digest, manifest=manifest, actor=actor)
    return Kept(manifest["seq"], manifest["head"], len(names), target.stat().st_size)


def read_manifest(source: Path) -> dict[str, Any]:
    """Read what an archive says it holds, and compare every part of it with its digest. Reads the archive once.

    :raises BackupRefused: ``files.backup-unreadable``, ``files.backup-damaged`` naming the first part that differs.
    """
    try:
        with tarfile.open(source, "r:") as archive:
            manifest: dict[str, Any] = json.loads(_member(archive, "manifest.json").read())
            if manifest.get("form") != FORM:
                raise BackupRefused("files.backup-form", form=str(manifest.get("form")))
            expected = {
                "database": manifest["database"],
                **{f"files/{name}": name for name in manifest["files"]},
            }
            for name, digest in expected.items():
                if _digest_of(_member(archive, name)) != digest:
                    raise BackupRefused("files.backup-damaged", part=name)
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise BackupRefused("files.backup-unreadable", path=str(source)) from error
    return manifest


def restore_backup(source: Path, *, actor: Actor) -> Kept:
    """Bring an archive back into an empty home and database, and seal the restore as an event of the restored record.

    :raises BackupRefused: ``files.restore-not-empty`` when there is data already, ``files.restore-other-database`` when
        the archive was made on the other kind of database, and whatever `read_manifest` says; nothing was changed then.
    """
    manifest = read_manifest(source)
    if manifest["vendor"] != connection.vendor:
        raise BackupRefused("files.restore-other-database", vendor=manifest["vendor"])
    if _has_data():
        raise BackupRefused("files.restore-not-empty")
    settings.BIHUAN_FILES.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (
        tempfile.TemporaryDirectory(dir=settings.BIHUAN_HOME) as folder,
        tarfile.open(source, "r:") as archive,
    ):
        dump = Path(folder) / "database"
        _copy(_member(archive, "database"), dump)
        for name in manifest["files"]:
            path = path_of(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            _copy(_member(archive, f"files/{name}"), path)
        _load_database(dump)
    call_command("migrate", interactive=False, verbosity=0)
    _seal("restore", digest=_digest(source), manifest=manifest, actor=actor)
    return Kept(manifest["seq"], manifest["head"], len(manifest["files"]), source.stat().st_size)


def lost_files() -> Iterator[str]:
    """Give the hash of every content that the register names and the store does not hold whole. Reads every file."""
    for name in StoredFile.objects.values_list("sha256", flat=True).iterator(chunk_size=1000):
        try:
            with path_of(name).open("rb") as file:
                if _digest_of(file) == name:
                    continue
        except OSError:
            pass
        yield name


@transaction.atomic
def _seal(kind: str, *, digest: str, manifest: dict[str, Any], actor: Actor) -> None:
    row = Keeping.objects.create(
        kind=kind, digest=digest, seq=manifest["seq"], head=manifest["head"], at=actor.at
    )
    record(actor=actor, action=f"keeping.{kind}", created=[row])


def _snapshot(dump: Path) -> dict[str, Any]:
    """Write the database to `dump` and return the manifest, both of one moment."""
    seq, head, names = _sqlite_snapshot(dump) if connection.vendor == "sqlite" else _postgres_snapshot(dump)
    return {
        "form": FORM, "program": __version__, "vendor": connection.vendor, "seq": seq, "head": head,
        "database": _digest(dump), "files": names,
    }  # fmt: skip


def _sqlite_snapshot(dump: Path) -> tuple[int, str, list[str]]:
    connection.ensure_connection()
    with closing(sqlite3.connect(dump)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        head = copy.execute("SELECT seq, hash FROM audit_head WHERE id = 1").fetchone() or (0, "0" * 64)
        names = [name for (name,) in copy.execute("SELECT sha256 FROM files_storedfile ORDER BY sha256")]
    return int(head[0]), str(head[1]), names


def _postgres_snapshot(dump: Path) -> tuple[int, str, list[str]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (moment,) = cursor.fetchone()
        head = Head.objects.filter(pk=1).values_list("seq", "hash").first() or (0, "0" * 64)
        names = list(StoredFile.objects.order_by("sha256").values_list("sha256", flat=True))
        _run_tool(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={moment}",
            f"--file={dump}",
        )
    return head[0], head[1], names


def _load_database(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        path = Path(connection.settings_dict["NAME"])
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        shutil.move(dump, path)
        return
    options = (
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--clean",
        "--if-exists",
        "--exit-on-error",
    )
    _run_tool("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(dump))
    connection.close()


def _run_tool(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs on our database; the password goes by the environment."""
    given = connection.settings_dict
    names = {
        "PGHOST": given["HOST"],
        "PGPORT": given["PORT"],
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
    }
    names["PGDATABASE"] = given["NAME"]
    found = shutil.which(program)
    if found is None:
        raise BackupRefused("files.backup-tool", program=program)
    run = subprocess.run(  # noqa: S603 - a fixed program with our own arguments
        [found, *arguments], env={**os.environ, **{key: str(value) for key, value in names.items() if value}},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        raise BackupRefused("files.backup-tool", program=f"{program}: {run.stderr.strip()[:300]}")
    return run.stdout


def _has_data() -> bool:
    if "audit_event" not in connection.introspection.table_names():
        return False
    return Event.objects.exists()


def _member(archive: tarfile.TarFile, name: str) -> Any:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file


def _copy(source: Any, target: Path) -> None:
    with target.open("wb") as file:
        shutil.copyfileobj(source, file, CHUNK)
        file.flush()
        os.fsync(file.fileno())


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Keep no owner and no times: they say nothing that the manifest does not."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = _plain(tarfile.TarInfo(name))
    member.size = len(content)
    archive.addfile(member, BytesIO(content))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _digest_of(file)


def _digest_of(file: Any) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
