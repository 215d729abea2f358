"""The `bihuan` command: one module a subcommand, imported only when it is asked for.

argv ─main→ bihuan.cli.<command>: add_arguments(parser), run(args) → exit code
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import MappingProxyType, ModuleType

from bihuan import __version__
from bihuan.core.refusal import Refused
from bihuan.web.catalogue import say

#: The subcommands that work on documents alone and are ready without a database.
PURE = ("read", "check", "sample")
#: subcommand → its module, in the order of the help.
COMMANDS = MappingProxyType(
    {
        "read": "bihuan.cli.read",
        "check": "bihuan.cli.check",
        "migrate": "bihuan.cli.migrate",
        "import": "bihuan.cli.importing",
        "write": "bihuan.cli.write",
        "export": "bihuan.cli.export",
        "step": "bihuan.cli.step",
        "sample": "bihuan.cli.sample",
        "serve": "bihuan.cli.serve",
        "worker": "bihuan.cli.worker",
        "demo": "bihuan.cli.demo",
        "account": "bihuan.cli.account",
        "replay": "bihuan.cli.replay",
        "backup": "bihuan.cli.backup",
        "restore": "bihuan.cli.restore",
    }
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code: 0 done, 1 a fault or a refusal, 2 wrong use or unreadable input."""
    words = list(sys.argv[1:] if argv is None else argv)
    lang = _language(words)
    parser = argparse.ArgumentParser(prog="bihuan", description=say("cli.about", lang=lang))
    parser.add_argument("--version", action="version", version=f"bihuan {__version__}")
    parser.add_argument("--lang", choices=("zh-Hans", "en"), default=lang, help=say("cli.lang", lang=lang))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked = next((word for word in words if word in COMMANDS), None)
    for name, module in COMMANDS.items():
        summary = say(f"cli.{name}", lang=lang)
        command = commands.add_parser(name, help=summary, description=summary)
        if name == asked:
            _module(name, module).add_arguments(command, lang)
    args = parser.parse_args(words)
    try:
        return int(_module(args.command, COMMANDS[args.command]).run(args))
    except Refused as refused:
        sys.stderr.write(f"{say(refused.code, refused.params, lang=args.lang)}\n")
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _module(name: str, module: str) -> ModuleType:
    """Import the subcommand, with Django made ready for those that need the database."""
    if name not in PURE:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
        importlib.import_module("django").setup()
    return importlib.import_module(module)


def _language(words: Sequence[str]) -> str:
    """Return the language asked for by --lang, else by BIHUAN_LANG, else Chinese."""
    for index, word in enumerate(words):
        given = word.partition("=")[2] if word.startswith("--lang=") else None
        if word == "--lang" and index + 1 < len(words):
            given = words[index + 1]
        if given in ("zh-Hans", "en"):
            return given
    return "en" if os.environ.get("BIHUAN_LANG", "").startswith("en") else "zh-Hans"


if __name__ == "__main__":
    sys.exit(main())
