"""Running `bihuan` as a person would: a process of its own, a home of its own, a database of its own."""

import os
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg


@dataclass(frozen=True)
class Place:
    """One installation: its home and, on PostgreSQL, its own database on the server of the run."""

    home: Path
    database_url: str

    def run(
        self, *arguments: str | Path, check: bool = True, lang: str = "zh-Hans"
    ) -> subprocess.CompletedProcess[str]:
        environ = {
            **os.environ,
            "BIHUAN_HOME": str(self.home),
            "BIHUAN_LANG": lang,
            "DATABASE_URL": self.database_url,
        }
        if not self.database_url:
            del environ["DATABASE_URL"]
        command = [sys.executable, "-m", "bihuan.cli.main", *map(str, arguments)]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=180)
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
        return done


def new_place(home: Path) -> Place:
    """Make an empty installation on the database of this run (SQLite, or a fresh database of the run's PostgreSQL)."""
    home.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        return Place(home, "")
    url = urlsplit(server)
    host = parse_qs(url.query)["host"][0]
    name = f"place_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(host=host, user=url.username, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return Place(home, f"postgresql://{url.username}@/{name}?host={host}")
