"""Set up before Django's settings are read: a home of the run's own, and a real PostgreSQL when it is asked for.

`BIHUAN_TEST_DB=postgresql` starts a server that only this run can reach (a socket in a temporary folder); a missing
server fails the run instead of skipping it.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

FAST = Path("/dev/shm") if Path("/dev/shm").is_dir() else None


def _home() -> None:
    home = Path(tempfile.mkdtemp(prefix="bihuan-test-", dir=FAST))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ.update(BIHUAN_HOME=str(home), BIHUAN_SECRET_KEY="for-tests-only")
    os.environ.pop("DATABASE_URL", None)


def postgres_programs() -> Path:
    """Return the folder of the newest installed PostgreSQL server, or stop the run."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise SystemExit("PostgreSQL is not installed: run `make system` (Debian package postgresql)")
    return found[-1].parent


def start_postgres() -> str:
    """Start a server in a temporary folder and return its DATABASE_URL; it is stopped when the process ends."""
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="bihuan-pg-", dir=FAST))
    data = folder / "data"
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(
        [
            *as_user,
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C",
        ],
        **run,
    )
    options = (
        f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=128MB -c max_connections=120"
    )
    subprocess.run(
        [*as_user, programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"], **run
    )
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:
            subprocess.run(
                [*as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
                stdout=subprocess.DEVNULL,
            )
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://postgres@/bihuan?host={folder}"


if "PYTEST_XDIST_WORKER" not in os.environ:
    _home()
    if os.environ.get("BIHUAN_TEST_DB") == "postgresql":
        os.environ["DATABASE_URL"] = start_postgres()
