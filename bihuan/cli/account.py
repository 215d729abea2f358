"""`bihuan account`: what only whoever runs the machine may do with accounts. It never makes an all-powerful one."""

import argparse
import sys

from bihuan.cli.console import WrongUse, console_actor, language
from bihuan.orgs.actions.accounts import make_first_code
from bihuan.orgs.actions.people import disable_person, issue_reset
from bihuan.orgs.models import User
from bihuan.web.catalogue import say

STEPS = ("first-code", "reset", "disable")


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask which step, and for whom."""
    parser.add_argument("step", choices=STEPS, help=say("cli.account-step", lang=lang))
    parser.add_argument("username", nargs="?", help=say("cli.account-username", lang=lang))
    parser.add_argument("--reason", default="", help=say("cli.account-reason", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Do the step and print the one-time code, if it gives one."""
    lang = language(args)
    if args.step == "first-code":
        print(
            say(
                "cli.first-code",
                {"code": make_first_code(actor=console_actor()), "url": "/first/"},
                lang=lang,
            )
        )
        return 0
    person = User.objects.filter(username=(args.username or "").strip().lower()).first()
    if person is None:
        raise WrongUse("cli.no-such-account", username=args.username or "")
    if args.step == "reset":
        print(
            say(
                "cli.reset-code",
                {"name": person.name, "code": issue_reset(person, actor=console_actor())},
                lang=lang,
            )
        )
        return 0
    disable_person(person, reason=args.reason, actor=console_actor())
    print(say("cli.disabled", {"name": person.name}, lang=lang))
    return 0


def announce_first_account(*, lang: str, url: str) -> None:
    """While no account exists, print a fresh one-time code with which the first one is made in the browser."""
    if not User.objects.exists():
        sentence = say(
            "cli.first-code",
            {"code": make_first_code(actor=console_actor()), "url": f"{url}/first/"},
            lang=lang,
        )
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()
