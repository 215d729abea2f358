"""`bihuan restore`: bring an archive back into an empty place; with --verify prove that it came back whole."""

import argparse
from itertools import chain, islice
from pathlib import Path

from bihuan.audit.queries import chain_breaks, checkpoint, table_breaks
from bihuan.cli.console import console_actor, language
from bihuan.files.backup import lost_files, restore_backup
from bihuan.web.catalogue import say


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask for the archive, and whether to walk everything afterwards."""
    parser.add_argument("archive", type=Path, help=say("cli.restore-archive", lang=lang))
    parser.add_argument("--verify", action="store_true", help=say("cli.restore-verify", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Restore, and with --verify replay the record, compare the tables and read every file; 1 when anything differs."""
    lang = language(args)
    kept = restore_backup(args.archive, actor=console_actor())
    print(say("cli.restored", {"seq": kept.seq, "files": kept.files}, lang=lang))
    if not args.verify:
        return 0
    breaks = list(islice(chain(chain_breaks(), table_breaks()), 100))
    lost = list(lost_files())
    for one in breaks:
        print(
            say(
                one.code,
                {"seq": one.seq, "thing": one.kind, "object": one.object_id, "field": one.field},
                lang=lang,
            )
        )
    for name in lost:
        print(say("cli.file-lost", {"sha256": name}, lang=lang))
    if breaks or lost:
        return 1
    size, root = checkpoint()
    print(say("cli.verified", {"size": size, "root": root, "files": kept.files}, lang=lang))
    return 0
