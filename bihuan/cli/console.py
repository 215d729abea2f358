"""Who acts from the command line: `console:<os-user>`, who never claims, signs, verifies or closes."""

import getpass
from argparse import Namespace
from datetime import date

from django.utils import timezone

from bihuan.audit.actor import Actor
from bihuan.core.refusal import Refused


class WrongUse(Refused):
    """The command was given something that it cannot work with."""


def console_actor(organisation_id: int | None = None) -> Actor:
    """Return the actor of this command; the clock of the command is read here."""
    return Actor(None, f"console:{getpass.getuser()}", timezone.now(), organisation_id=organisation_id)


def day(text: str) -> date:
    """Return the day given as ISO text.

    :raises WrongUse: when there is no such day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse("cli.no-such-day", given=text) from error


def language(args: Namespace) -> str:
    """Return the language that the person asked for."""
    return str(args.lang)
