"""What the environment says, read once into one typed object; an unreadable value stops the start with its name."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class WrongSetting(Exception):  # noqa: N818
    """A setting of the environment cannot be used; the text names it and says what it may be."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings that an installation may choose. docs/settings.md describes each."""

    home: Path
    database_url: str
    secret_key: str
    debug: bool
    hosts: tuple[str, ...]
    https: bool
    password_profile: str
    timezone: str
    fonts: str
    mail_url: str


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read the environment, or stop with every setting that is wrong.

    :raises WrongSetting: naming the settings and what they may be.
    """
    home = Path(environ.get("BIHUAN_HOME") or Path.home() / ".local" / "share" / "bihuan").expanduser()
    faults = []
    if (profile := environ.get("BIHUAN_PASSWORD_PROFILE", "dengbao")) not in ("dengbao", "asvs"):
        faults.append("BIHUAN_PASSWORD_PROFILE: dengbao or asvs")
    for name in ("BIHUAN_DEBUG", "BIHUAN_HTTPS"):
        if environ.get(name, "0") not in ("0", "1"):
            faults.append(f"{name}: 0 or 1")
    url = environ.get("DATABASE_URL", "")
    if url and urlsplit(url).scheme not in ("postgres", "postgresql", "sqlite"):
        faults.append("DATABASE_URL: postgresql://user:password@host:port/name or sqlite:///path")
    if faults:
        raise WrongSetting("; ".join(faults))
    return Environment(
        home=home,
        database_url=url,
        secret_key=environ.get("BIHUAN_SECRET_KEY") or _kept_secret(home),
        debug=environ.get("BIHUAN_DEBUG") == "1",
        hosts=tuple(environ.get("BIHUAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")),
        https=environ.get("BIHUAN_HTTPS") == "1",
        password_profile=profile,
        timezone=environ.get("BIHUAN_TIMEZONE", "Asia/Shanghai"),
        fonts=environ.get("BIHUAN_FONTS", ""),
        mail_url=environ.get("BIHUAN_MAIL_URL", ""),
    )


def _kept_secret(home: Path) -> str:
    """Return the installation's own secret, made at the first start and readable by its owner only."""
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret-key.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            fresh.rename(path) if not path.exists() else fresh.unlink()
        except OSError:
            fresh.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()


def database(environment: Environment) -> dict[str, Any]:
    """Return Django's settings of the one database: SQLite in the home unless DATABASE_URL names another."""
    url = urlsplit(environment.database_url)
    if url.scheme.startswith("postgres"):
        query = parse_qs(url.query)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": query.get("host", [url.hostname or ""])[0],
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"server_side_binding": False},
        }
    path = Path(unquote(url.path)) if url.scheme == "sqlite" else environment.home / "bihuan.sqlite3"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
            "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
        },
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
    }
