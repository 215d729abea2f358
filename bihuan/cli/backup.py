"""`bihuan backup`: database and files in one consistent archive."""

import argparse
from pathlib import Path

from bihuan.cli.console import console_actor, language
from bihuan.core.source import Params
from bihuan.files.backup import make_backup
from bihuan.web.catalogue import say


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask where the archive goes."""
    parser.add_argument("-o", "--output", type=Path, help=say("cli.backup-output", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Write the archive and print what it holds."""
    actor = console_actor()
    target: Path = args.output or Path(f"bihuan-{actor.at:%Y%m%d-%H%M%S}.tar")
    kept = make_backup(target.absolute(), actor=actor)
    params: Params = {
        "path": str(target),
        "seq": kept.seq,
        "files": kept.files,
        "size": kept.size,
        "head": kept.head,
    }
    print(say("cli.backed-up", params, lang=language(args)))
    return 0
