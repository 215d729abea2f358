"""Units, people and accounts of the sample directory: made by the console; those who are shown get in."""

import secrets
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import bihuan
from bihuan.audit.actor import Actor
from bihuan.cli.console import WrongUse
from bihuan.core.access import LEADER, SUPERIOR
from bihuan.orgs.actions.accounts import use_code
from bihuan.orgs.actions.people import PersonDraft, create_person, give_grant, issue_reset
from bihuan.orgs.actions.units import create_unit
from bihuan.orgs.models import Post, Unit, User

SAMPLES = Path(bihuan.__file__).resolve().parents[1] / "samples"
Passwords = dict[str, str]


def directory() -> dict[str, Any]:
    """Return the sample directory.

    :raises WrongUse: when the samples are not there (the program was installed without its checkout).
    """
    if not SAMPLES.is_dir():
        raise WrongUse("cli.no-samples", path=str(SAMPLES))
    return tomllib.loads((SAMPLES / "江澜单位和人员.toml").read_text(encoding="utf-8"))


def make_units(found: dict[str, Any], *, actor: Actor) -> dict[str, Unit]:
    """Make every unit and return it by its code."""
    units: dict[str, Unit] = {}
    for row in found["organisation"]["units"]:
        parent = units.get(row.get("parent", ""))
        kind = "department" if parent else "organisation"
        units[row["code"]] = create_unit(parent, name=row["name"], kind=kind, actor=actor)
    return units


def make_people(found: dict[str, Any], units: dict[str, Unit], *, actor: Actor) -> list[User]:
    """Make everybody of the directory with their roles, and return those who are shown."""
    own = found["organisation"]
    accounts = {row["person"]: row for row in own["accounts"]}
    shown = [_superior(found["superior"], units[own["code"]], actor)]
    for person in own["people"]:
        account = accounts[person["name"]]
        post = person["posts"][0]
        draft = PersonDraft(
            name=person["name"],
            username=account["username"],
            title=post["title"],
            starts_on=min(_day(post["from"]), actor.today),
        )
        user, _code = create_person(units[post["unit"]], draft=draft, actor=actor)
        over = person["charge"] if account["role"] == LEADER else [account["subtree"]]
        for unit in over:
            _grant(user, account["role"], units[unit], actor)
        if account.get("shown"):
            shown.append(user)
    return shown


def let_in(people: Iterable[User], *, actor: Actor) -> Passwords:
    """Give people passwords by a code made now, for one of the first day would have run out by its age."""
    passwords: Passwords = {}
    for user in people:
        password = f"Bh-{secrets.token_hex(3)}-{secrets.token_hex(3)}"
        code = issue_reset(user, actor=actor)
        use_code(code, username=user.username, password=password, at=actor.at)
        passwords[user.username] = password
    return passwords


def _superior(row: dict[str, str], over: Unit, actor: Actor) -> User:
    """Make somebody of the superior: the post lies outside of the organisation, the role over it."""
    home = create_unit(None, name=row["unit"], kind="superior", actor=actor)
    draft = PersonDraft(name=row["name"], username=row["username"], title=row["title"], starts_on=actor.today)
    user, _code = create_person(home, draft=draft, actor=actor)
    _grant(user, SUPERIOR, over, actor)
    return user


def _grant(user: User, role: str, unit: Unit, actor: Actor) -> None:
    give_grant(Post.objects.get(person=user), role=role, unit=unit, starts_on=actor.today, actor=actor)


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
