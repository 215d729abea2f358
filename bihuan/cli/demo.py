"""`bihuan demo`: build the demonstration in BIHUAN_HOME once, print its passwords, and serve it."""

import argparse
import json
import os
from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from bihuan.audit.models import Event
from bihuan.audit.statistics import refresh_statistics
from bihuan.cli.console import language
from bihuan.cli.demonstration import build
from bihuan.cli.migrate import prepare
from bihuan.cli.serve import serve
from bihuan.core.access import ROLES
from bihuan.orgs.models import Grant
from bihuan.web.catalogue import say


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask for the port, and whether only to build."""
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help=say("cli.serve-port", lang=lang)
    )
    parser.add_argument("--build-only", action="store_true", help=say("cli.demo-build", lang=lang))
    parser.add_argument("--begun", action="store_true", help=say("cli.demo-begun", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Build if there is nothing yet, print the passwords, serve until stopped."""
    lang = language(args)
    prepare()
    kept = settings.BIHUAN_HOME / "passwords.json"
    if not Event.objects.exists():
        passwords = build(begun_only=args.begun)
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(passwords, indent=1), encoding="utf-8")
    passwords = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    print(say("cli.demo-ready", {"url": f"http://127.0.0.1:{args.port}"}, lang=lang))
    for username, role in _roles(passwords):
        print(f"  {username:12}  {passwords[username]}  {say(f'cli.demo-{role}', lang=lang)}")
    refresh_statistics()
    connection.close()
    if not args.build_only:
        serve(host="127.0.0.1", port=args.port, workers=2, threads=4)
    return 0


def _roles(accounts: Iterable[str]) -> list[tuple[str, str]]:
    """Return accounts with the role that each was first given, in the order of the roles."""
    rows = Grant.objects.filter(post__person__username__in=list(accounts)).order_by("-pk")
    first = dict(rows.values_list("post__person__username", "role"))
    return sorted(first.items(), key=lambda one: ROLES.index(one[1]))
