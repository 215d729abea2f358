"""`bihuan demo`: build the demonstration in BIHUAN_HOME once, print its passwords, and serve it."""

import argparse
import json
import os

from django.conf import settings
from django.db import connection

from bihuan.audit.models import Event
from bihuan.audit.statistics import refresh_statistics
from bihuan.cli.console import language
from bihuan.cli.demonstration import build
from bihuan.cli.migrate import prepare
from bihuan.cli.serve import serve
from bihuan.web.catalogue import say


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask for the port, and whether only to build."""
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help=say("cli.serve-port", lang=lang)
    )
    parser.add_argument("--build-only", action="store_true", help=say("cli.demo-build", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Build if there is nothing yet, print the passwords, serve until stopped."""
    lang = language(args)
    prepare()
    kept = settings.BIHUAN_HOME / "passwords.json"
    if not Event.objects.exists():
        passwords = build()
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(passwords, indent=1), encoding="utf-8")
    passwords = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    print(say("cli.demo-ready", {"url": f"http://127.0.0.1:{args.port}"}, lang=lang))
    for username, password in passwords.items():
        print(f"  {username}  {password}  {say(f'cli.demo-{username}', lang=lang)}")
    refresh_statistics()
    connection.close()
    if not args.build_only:
        serve(host="127.0.0.1", port=args.port, workers=2, threads=4)
    return 0
