"""What the environment says, read once into one typed object; an unreadable value stops the start with its name."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class WrongSetting(Exception):
    """A setting of the environment cannot be used; the text names it and says what it may be."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """What may be sent up: megabytes a file, megabytes a person has on the way, megabytes the disk keeps free, days
    until what nobody took is removed; where clamd listens; whether papers with a classification mark may be kept."""

    file_mb: int
    open_mb: int
    free_mb: int
    days: int
    clamd: str
    classified: bool


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
    uploads: Uploads
    site: str
    robot_hosts: tuple[str, ...]


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read the environment, or stop with every setting that is wrong.

    :raises WrongSetting: naming the settings and what they may be.
    """
    home = Path(environ.get("BIHUAN_HOME") or Path.home() / ".local" / "share" / "bihuan").expanduser()
    faults = []
    if (profile := environ.get("BIHUAN_PASSWORD_PROFILE", "dengbao")) not in ("dengbao", "asvs"):
        faults.append("BIHUAN_PASSWORD_PROFILE: dengbao or asvs")
    for name in ("BIHUAN_DEBUG", "BIHUAN_HTTPS", "BIHUAN_CLASSIFIED"):
        if environ.get(name, "0") not in ("0", "1"):
            faults.append(f"{name}: 0 or 1")
    url, mail = environ.get("DATABASE_URL", ""), environ.get("BIHUAN_MAIL_URL", "")
    if url and urlsplit(url).scheme not in ("postgres", "postgresql", "sqlite"):
        faults.append("DATABASE_URL: postgresql://user:password@host:port/name or sqlite:///path")
    if mail and urlsplit(mail).scheme not in ("smtp", "smtps", "file", "console"):
        faults.append("BIHUAN_MAIL_URL: smtp://user:password@host:port, file:///folder or console:")
    robot_hosts = tuple(filter(None, environ.get("BIHUAN_ROBOT_HOSTS", "").split(",")))
    if any(not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", host) for host in robot_hosts):
        faults.append("BIHUAN_ROBOT_HOSTS: https://host or https://host:port, separated by commas")
    if (site := environ.get("BIHUAN_SITE", "")) and urlsplit(site).scheme not in ("http", "https"):
        faults.append("BIHUAN_SITE: https://host/")
    uploads = _uploads(environ, faults)
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
        uploads=uploads,
        mail_url=mail,
        site=site,
        robot_hosts=robot_hosts,
    )


def _uploads(environ: Mapping[str, str], faults: list[str]) -> Uploads:
    """Return the limits of what is sent up; what cannot be used is added to `faults`."""
    usual = {
        "BIHUAN_UPLOAD_FILE_MB": 1024,
        "BIHUAN_UPLOAD_OPEN_MB": 8192,
        "BIHUAN_UPLOAD_FREE_MB": 1024,
        "BIHUAN_UPLOAD_DAYS": 7,
    }
    said = {name: environ.get(name) or str(value) for name, value in usual.items()}
    for name, value in said.items():
        if not re.fullmatch(r"[1-9]\d{0,8}", value):
            faults.append(f"{name}: a whole number from 1")
            said[name] = "1"
    clamd = environ.get("BIHUAN_CLAMD", "")
    if clamd and not re.fullmatch(r"off|/.+|[^/]+:\d{1,5}", clamd):
        faults.append("BIHUAN_CLAMD: /path/of/socket, host:port or off")
    file_mb, open_mb, free_mb, days = (int(value) for value in said.values())
    classified = environ.get("BIHUAN_CLASSIFIED") == "1"
    return Uploads(file_mb, open_mb, free_mb, days, clamd, classified)


def _kept_secret(home: Path) -> str:
    """Return the installation's own secret, made at the first start and readable by its owner only."""
    path = home / "secret-key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"secret-key.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            fresh.rename(path) if not path.exists() else fresh.unlink()
        except OSError:
            fresh.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()


#: A statement asked twice stays prepared in the server. A page of the disk read at random costs about one read in turn,
#: so that counts are taken from an index; compiling (JIT) takes longer than what we ask.
PREPARING = MappingProxyType(
    {
        "server_side_binding": True,
        "prepare_threshold": 2,
        "options": "-c random_page_cost=1.1 -c jit=off",
    }
)


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
            "OPTIONS": {} if query.get("pooler") == ["1"] else dict(PREPARING),
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
