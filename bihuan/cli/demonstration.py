"""The demonstration's data, made from samples/ by the same actions that a person's clicks call.

units and people → feedback document (live) → plan of 49 tasks into it → notice (archive)
"""

import secrets
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import bihuan
from bihuan.audit.actor import Actor
from bihuan.cli.console import WrongUse, console_actor
from bihuan.documents.actions import receive
from bihuan.findings.actions.registering import aim, register
from bihuan.findings.actions.states import set_state
from bihuan.findings.models import Inspection, Task
from bihuan.orgs.actions.accounts import use_code
from bihuan.orgs.actions.people import PersonDraft, create_person
from bihuan.orgs.actions.units import create_unit
from bihuan.orgs.edge import person_actor
from bihuan.orgs.models import Unit, User

SAMPLES = Path(bihuan.__file__).resolve().parents[1] / "samples"
#: An account of a unit beside those of the sample file, so that a unit's own sight can be seen.
UNIT_ACCOUNT = {"username": "luoxiaoman", "person": "罗小满", "role": "reader"}
BEGUN = 12


def build() -> dict[str, str]:
    """Make the demonstration in an empty installation and return the passwords by account.

    :raises WrongUse: when the samples are not there (the program was installed without its checkout).
    """
    if not SAMPLES.is_dir():
        raise WrongUse("cli.no-samples", path=str(SAMPLES))
    directory = tomllib.loads((SAMPLES / "江澜单位和人员.toml").read_text(encoding="utf-8"))["organisation"]
    console = console_actor()
    units = _units(directory["units"], actor=console)
    passwords = _people(directory, units, actor=console)
    office = person_actor(User.objects.get(username="fangjingyi"), console.at)
    organisation = units[directory["code"]]
    live = _take_in("反馈意见.docx", organisation, actor=office)
    _take_in("整改方案任务表.xlsx", organisation, actor=office, into=live)
    _take_in("整改通报.docx", organisation, actor=office)
    _begin(live, actor=office)
    return passwords


def _units(rows: list[dict[str, Any]], *, actor: Actor) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for row in rows:
        parent = units.get(row.get("parent", ""))
        kind = "department" if parent else "organisation"
        units[row["code"]] = create_unit(parent, name=row["name"], kind=kind, actor=actor)
    return units


def _people(directory: dict[str, Any], units: dict[str, Unit], *, actor: Actor) -> dict[str, str]:
    """Make everybody of the directory; those with an account get a random password."""
    accounts = {row["person"]: row for row in [*directory["accounts"], UNIT_ACCOUNT]}
    passwords = {}
    for index, person in enumerate(directory["people"], 1):
        account = accounts.get(person["name"], {})
        post = person["posts"][0]
        whole = account.get("subtree") == directory["code"]
        home = units[account["subtree"]] if whole else units[post["unit"]]
        draft = PersonDraft(
            name=person["name"],
            username=account.get("username", f"person{index:02}"),
            title=post["title"],
            starts_on=min(_day(post["from"]), actor.today),
            role=account.get("role", ""),
        )
        user, code = create_person(home, draft=draft, actor=actor)
        if account:
            password = f"Bh-{secrets.token_hex(3)}-{secrets.token_hex(3)}"
            use_code(code, username=user.username, password=password, at=actor.at)
            passwords[user.username] = password
    return passwords


def _take_in(name: str, organisation: Unit, *, actor: Actor, into: Inspection | None = None) -> Inspection:
    """Import one sample; `into` names the inspection into which a plan goes."""
    draft = receive((SAMPLES / name).read_bytes(), name=name, organisation=organisation, actor=actor).draft
    if into is not None:
        draft = aim(draft.pk, into.pk, revision=draft.revision, actor=actor)
    return register(draft.pk, actor=actor)


def _begin(live: Inspection, *, actor: Actor) -> None:
    """Let the first tasks have begun, as in a real office some weeks after the feedback."""
    actor = replace(actor, organisation_id=live.organisation_id)
    for task in Task.objects.filter(inspection=live, withdrawn=False).order_by("position")[:BEGUN]:
        set_state(task, "doing", revision=task.revision, actor=actor)


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
