"""The directory from a sheet, in one transaction: plan again under locks, write set-based, seal one act.

Every new account gets a start code, shown once; nothing is written while one fault stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.orgs.actions.accounts import VALID_FOR
from bihuan.orgs.actions.apart import keep_administrators_apart
from bihuan.orgs.actions.units import filed, lock_trees, require_manage
from bihuan.orgs.codes import digest, new_code, tidy_code
from bihuan.orgs.importing.plan import Plan, Ref, plan, standing
from bihuan.orgs.importing.sheet import Row
from bihuan.orgs.models import Grant, OneTimeCode, Post, Unit, UnitLink, User
from bihuan.orgs.refusals import StepRefused

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Issued:
    """A start code for a new account, shown once."""

    person: User
    unit: str
    code: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a sheet wrote: how many of each, and the codes of the new accounts."""

    counts: Mapping[str, int]
    codes: tuple[Issued, ...]


@transaction.atomic
def import_directory(organisation: Unit, rows: Sequence[Row], *, mode: str, actor: Actor) -> Imported:
    """Write what the rows say that is not there yet, all or nothing.

    :raises NotAllowed: for whoever does not manage the accounts of the organisation.
    :raises StepRefused: when the directory has changed so that a row is wrong now.
    """
    require_manage(actor, organisation, "accounts")
    lock_trees(organisation.pk)
    organisation = Unit.objects.select_for_update().get(pk=organisation.pk)
    there = standing(organisation, rows, user_id=actor.user_id, today=actor.today)
    made = plan(rows, there, mode=mode, today=actor.today)
    if made.faults:
        raise StepRefused("orgs.import-overtaken", row=made.faults[0].row)
    units = _make_units(made)
    people = _make_people(made, actor)
    person_ids = {name: one.pk for name, one in {**there.people, **people}.items()}

    def unit_id(ref: Ref) -> int:
        return ref if isinstance(ref, int) else units[ref].pk

    posts = {
        key: Post(person_id=person_ids[key[0]], unit_id=unit_id(key[1]), title=key[2], starts_on=first)
        for key, first in made.posts.items()
    }
    Post.objects.bulk_create(posts.values(), batch_size=CHUNK)
    grants = [
        Grant(
            post_id=key if isinstance(key, int) else posts[key].pk,
            role=role,
            unit_id=unit_id(over),
            starts_on=first,
        )
        for (key, role, over), first in made.grants.items()
    ]
    Grant.objects.bulk_create(grants, batch_size=CHUNK)
    keep_administrators_apart(actor.today)
    changed = [*_change(Unit, made.changed_units), *_change(User, made.changed_people)]
    codes, secrets = _make_codes(people, actor)
    created = [*units.values(), *people.values(), *posts.values(), *grants, *codes]
    record(actor=filed(actor, organisation), action="directory.imported", created=created, changed=changed)
    sits = {key[0]: key[1] for key in reversed(posts)}
    names = {one.pk: one.name for group in there.units.values() for one in group}
    return Imported(
        {
            "units": len(units), "people": len(people), "posts": len(posts), "grants": len(grants),
            "changed": len(changed), "same": made.same,
        },
        tuple(
            Issued(person, names[at] if isinstance(at := sits[name], int) else at[0], secrets[name])
            for name, person in people.items()
        ),
    )  # fmt: skip


def _make_units(made: Plan) -> dict[tuple[str, str], Unit]:
    """Make the new units level by level with their links; a constant number of statements a level."""
    units: dict[tuple[str, str], Unit] = {}
    left = dict(made.units)
    while left:
        level = {
            key: one.above if isinstance(one.above, int) else units[one.above].pk
            for key, one in left.items()
            if isinstance(one.above, int) or one.above in units
        }
        grouped = Unit.objects.filter(parent__in=level.values()).order_by().values("parent")
        last = {row["parent"]: row["last"] for row in grouped.annotate(last=Max("position"))}
        for key, parent in level.items():
            one = left.pop(key)
            last[parent] = last.get(parent, 0) + 1
            units[key] = Unit(
                name=key[0], short_name=one.short_name, kind=one.kind or "department", parent_id=parent,
                position=last[parent],
            )  # fmt: skip
        fresh = [units[key] for key in level]
        Unit.objects.bulk_create(fresh, batch_size=CHUNK)
        _link(fresh)
    return units


def _link(fresh: Sequence[Unit]) -> None:
    above: dict[int, list[UnitLink]] = {}
    for link in UnitLink.objects.filter(descendant__in={unit.parent_id for unit in fresh}):
        above.setdefault(link.descendant_id, []).append(link)
    links = [UnitLink(ancestor=unit, descendant=unit, depth=0) for unit in fresh]
    links += [
        UnitLink(ancestor_id=up.ancestor_id, descendant=unit, depth=up.depth + 1)
        for unit in fresh
        for up in above[unit.parent_id or 0]
    ]
    UnitLink.objects.bulk_create(links, batch_size=CHUNK)


def _make_people(made: Plan, actor: Actor) -> dict[str, User]:
    people = {
        username: User(
            username=username, name=name, email=email, created_at=actor.at, must_change_password=True,
            password=make_password(None),
        )
        for username, (name, email) in made.people.items()
    }  # fmt: skip
    User.objects.bulk_create(people.values(), batch_size=CHUNK)
    return people


def _change(
    model: type[Any], wanted: Mapping[int, tuple[Any, Mapping[str, str]]]
) -> list[tuple[Any, list[str]]]:
    changed = []
    for row, values in wanted.values():
        for key, value in values.items():
            setattr(row, key, value)
        changed.append((row, list(values)))
    fields = {key for _row, keys in changed for key in keys}
    if changed:
        model.objects.bulk_update([row for row, _keys in changed], fields, batch_size=CHUNK)
    return changed


def _make_codes(people: Mapping[str, User], actor: Actor) -> tuple[list[OneTimeCode], dict[str, str]]:
    secrets = {name: new_code() for name in people}
    codes = [
        OneTimeCode(
            user=person,
            purpose="start",
            sha256=digest(tidy_code(secrets[name])),
            created_at=actor.at,
            expires_at=actor.at + VALID_FOR["start"],
        )
        for name, person in people.items()
    ]
    OneTimeCode.objects.bulk_create(codes, batch_size=CHUNK)
    return codes, secrets
