"""What a sheet would write: rows + directory + who asks ─plan→ new and changed units, people, posts, roles, faults.

The same function serves the preview and the commit, which plans again under its locks.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import translation

from bihuan.core import access
from bihuan.orgs import queries
from bihuan.orgs.codes import tidy_username
from bihuan.orgs.edge import KIND_WORDS, ROLE_WORDS
from bihuan.orgs.importing.sheet import COLUMNS, CellFault, Row, day_of, shape_faults
from bihuan.orgs.models import Grant, Post, Unit, User

SKIP, UPDATE = "skip", "update"
MODES = (SKIP, UPDATE)


#: A unit of the plan: the id of one that stands, or name and parent of a new one as they were typed.
Ref = int | tuple[str, str]
PostKey = tuple[str, Ref, str]


@dataclass(slots=True)
class NewUnit:
    """A unit to be made; `above` is known once every row was read."""

    row: int
    kind: str = ""
    short_name: str = ""
    above: Ref | None = None


@dataclass(slots=True)
class Plan:
    """What would be written; `same` counts rows that say nothing new, `at` tells the unit of each row.

    Posts are told by account, unit and title; grants by a post that stands or a new one, role and unit.
    """

    units: dict[tuple[str, str], NewUnit] = field(default_factory=dict)
    named: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    posts: dict[PostKey, date] = field(default_factory=dict)
    grants: dict[tuple[int | PostKey, str, Ref], date] = field(default_factory=dict)
    changed_units: dict[int, tuple[Unit, dict[str, str]]] = field(default_factory=dict)
    changed_people: dict[int, tuple[User, dict[str, str]]] = field(default_factory=dict)
    at: dict[int, Ref] = field(default_factory=dict)
    same: int = 0
    faults: list[CellFault] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Tell whether nothing would be written."""
        return not (
            self.units
            or self.people
            or self.posts
            or self.grants
            or self.changed_units
            or self.changed_people
        )


@dataclass(slots=True)
class Standing:
    """The directory as it stands, as far as a sheet can touch it. Read in a constant number of queries."""

    organisation: Unit
    units: Mapping[str, list[Unit]]
    people: Mapping[str, User]
    outside: frozenset[str]
    posts: Mapping[tuple[int, int, str], Post]
    grants: frozenset[tuple[int, str, int]]
    administrators: frozenset[str]
    may: Mapping[str, str | None]


def standing(organisation: Unit, rows: Sequence[Row], *, user_id: int | None, today: date) -> Standing:
    """Return what the rows touch. Nine queries or so, whatever the number of rows."""
    units: dict[str, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.filter(links_up__ancestor=organisation).select_related("parent"):
        units[unit.name].append(unit)
    names = {tidy_username(row.values["username"]) for row in rows} - {""}
    people = {one.username: one for one in User.objects.filter(username__in=names)}
    ids = [one.pk for one in people.values()]
    posts = list(Post.objects.filter(queries.running("", today), person__in=ids).select_related("person"))
    grants = list(
        Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), post__person__in=ids)
        .select_related("post__person")
        .order_by()
    )
    mine = queries.managed_ids(user_id, today, "accounts") if user_id is not None else None
    held = {(one.person.username, one.unit_id) for one in posts}
    held |= {(one.post.person.username, one.unit_id) for one in grants}
    return Standing(
        organisation=organisation,
        units=units,
        people=people,
        outside=frozenset(name for name, unit in held if mine is not None and unit not in mine),
        posts={(one.person_id, one.unit_id, one.title): one for one in posts},
        grants=frozenset((one.post_id, one.role, one.unit_id) for one in grants),
        administrators=frozenset(
            one.post.person.username for one in grants if one.role in access.ADMINISTRATORS
        ),
        may={
            step: queries.why_not(step, user_id, organisation.pk, today=today)
            if user_id is not None
            else None
            for step in ("manage", "accounts", "rights")
        },
    )


def plan(rows: Sequence[Row], there: Standing, *, mode: str, today: date) -> Plan:
    """Return what the rows would write, and every fault; nothing of it may be written while one stands."""
    made = Plan()
    for row in rows:
        made.faults.extend(shape_faults(row))
    told = {(fault.row, fault.column) for fault in made.faults}
    good = [row for row in rows if row.values["unit"]]
    for row in sorted(good, key=lambda row: not row.values["parent"]):
        made.faults.extend(_unit(row, there, made, mode))
    made.faults.extend(_lines(there, made))
    first_rows = {unit.row for unit in made.units.values()}
    for row in good:
        if row.values["username"]:
            made.faults.extend(_person(row, there, made, mode=mode, today=today))
        else:
            made.same += row.number not in first_rows
    made.faults = _told_once(made.faults, told)
    return made


def _told_once(faults: Sequence[CellFault], told: Collection[tuple[int, str]]) -> list[CellFault]:
    """Return the faults in the order of the sheet; of cells whose text is wrong (`told`) only the first."""
    order = list(COLUMNS)
    seen: set[tuple[int, str]] = set()
    kept = []
    for fault in faults:
        cell = (fault.row, fault.column)
        if cell not in told or cell not in seen:
            kept.append(fault)
        seen.add(cell)
    return sorted(kept, key=lambda fault: (fault.row, order.index(fault.column)))


def _unit(row: Row, there: Standing, made: Plan, mode: str) -> Iterator[CellFault]:
    """Find the unit of a row, or plan it; what another row says otherwise of the same unit is a fault."""
    name, parent = row.values["unit"], row.values["parent"]
    kind = _codes("kind").get(row.values["kind"])
    if row.values["kind"] and kind is None:
        yield CellFault(
            row.number, "kind", row.values["kind"], "orgs.import-kind", {"kinds": _all(KIND_WORDS)}
        )
    found = there.units.get(name, [])
    if parent:
        found = [one for one in found if one.parent is not None and one.parent.name == parent]
    planned = made.named.get(name, []) if not parent and not found else []
    if len(found) > 1 or len(planned) > 1:
        made.at[row.number] = (name, parent)
        yield CellFault(row.number, "unit", name, "orgs.import-unit-twice")
    elif found:
        made.at[row.number] = found[0].pk
        yield from _known_unit(row, found[0], there, made, mode, kind)
    else:
        key = planned[0] if planned else (name, parent)
        made.at[row.number] = key
        yield from _new_unit(row, key, there, made, kind)


def _known_unit(
    row: Row, unit: Unit, there: Standing, made: Plan, mode: str, kind: str | None
) -> Iterator[CellFault]:
    if not unit.is_active:
        yield CellFault(row.number, "unit", unit.name, "orgs.import-unit-closed")
        return
    wanted = {"short_name": row.values["short_name"], "kind": kind or ""}
    wanted = {key: value for key, value in wanted.items() if value and getattr(unit, key) != value}
    if not wanted or mode == SKIP:
        return
    if there.may["manage"]:
        yield CellFault(row.number, next(iter(wanted)), row.values["unit"], there.may["manage"])
        return
    before = made.changed_units.setdefault(unit.pk, (unit, {}))[1]
    for key, value in wanted.items():
        if before.setdefault(key, value) != value:
            yield CellFault(row.number, key, value, "orgs.import-unit-otherwise")


def _new_unit(
    row: Row, key: tuple[str, str], there: Standing, made: Plan, kind: str | None
) -> Iterator[CellFault]:
    if there.may["manage"]:
        yield CellFault(row.number, "unit", key[0], there.may["manage"])
        return
    if key not in made.units:
        made.units[key] = NewUnit(row.number)
        made.named.setdefault(key[0], []).append(key)
    unit = made.units[key]
    for column, value in (("kind", kind), ("short_name", row.values["short_name"])):
        if value and getattr(unit, column) not in ("", value):
            yield CellFault(row.number, column, row.values[column], "orgs.import-unit-otherwise")
        elif value:
            setattr(unit, column, value)


def _lines(there: Standing, made: Plan) -> Iterator[CellFault]:
    """Find the parent of every new unit; yield those whose line of parents ends nowhere, or in themselves."""
    for (_name, parent), unit in made.units.items():
        found = _named(parent, there, made) if parent else there.organisation.pk
        if isinstance(found, str):
            yield CellFault(unit.row, "parent", parent, found)
        else:
            unit.above = found
    for key, unit in made.units.items():
        line: list[Ref] = []
        at: Ref | None = key
        while isinstance(at, tuple) and at not in line:
            line.append(at)
            at = made.units[at].above
        if isinstance(at, tuple):
            yield CellFault(unit.row, "parent", key[1], "orgs.import-circle")


def _named(name: str, there: Standing, made: Plan) -> Ref | str:
    """Return the one unit of this name, standing or new; else the code of what is wrong."""
    known = there.units.get(name, [])
    planned = made.named.get(name, [])
    if len(known) + len(planned) > 1:
        return "orgs.import-unit-twice"
    if known:
        return known[0].pk if known[0].is_active else "orgs.import-unit-closed"
    return planned[0] if planned else "orgs.import-unit-unknown"


def _person(row: Row, there: Standing, made: Plan, *, mode: str, today: date) -> Iterator[CellFault]:
    """Find the account of a row, or plan it; then its post and roles."""
    username = tidy_username(row.values["username"])
    known = there.people.get(username)
    fault = _account_fault(row, username, known, there)
    if fault is not None:
        yield fault
    if row.values["email"] and not _is_address(row.values["email"]):
        yield CellFault(row.number, "email", row.values["email"], "orgs.import-email")
    if known is not None and mode == SKIP:
        made.same += 1
        return
    yield from _account(row, username, known, made)
    yield from _post(row, there, made, known, today=today)


def _account_fault(row: Row, username: str, known: User | None, there: Standing) -> CellFault | None:
    """Return why the account of a row cannot be taken, or None."""
    if reason := there.may["accounts"]:
        return CellFault(row.number, "username", username, reason)
    if known is None:
        return None
    if username in there.outside or known.name != row.values["name"]:
        return CellFault(row.number, "username", username, "orgs.username-taken", {"username": username})
    if not known.is_active:
        return CellFault(row.number, "username", username, "orgs.import-disabled", {"person": known.name})
    return None


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _account(row: Row, username: str, known: User | None, made: Plan) -> Iterator[CellFault]:
    """Plan a new account, or a new address of one that stands; two rows that disagree are a fault."""
    name, email = row.values["name"], row.values["email"]
    otherwise = {"username": username}
    if known is None:
        first_name, first_email = made.people.setdefault(username, (name, email))
        if first_name != name:
            yield CellFault(row.number, "name", name, "orgs.import-person-otherwise", otherwise)
        elif email and first_email not in ("", email):
            yield CellFault(row.number, "email", email, "orgs.import-person-otherwise", otherwise)
        elif email:
            made.people[username] = (name, email)
    elif email and known.email != email:
        wanted = made.changed_people.setdefault(known.pk, (known, {}))[1]
        if wanted.setdefault("email", email) != email:
            yield CellFault(row.number, "email", email, "orgs.import-person-otherwise", otherwise)


def _post(row: Row, there: Standing, made: Plan, known: User | None, *, today: date) -> Iterator[CellFault]:
    """Plan the post and the roles of a row, less what stands already."""
    values, at = row.values, made.at[row.number]
    first = day_of(values["starts_on"]) or today
    key: PostKey = (tidy_username(values["username"]), at, values["title"])
    post = there.posts.get((known.pk, at, values["title"])) if known and isinstance(at, int) else None
    new = post is None and key not in made.posts
    if post is None:
        if made.posts.setdefault(key, first) != first and values["starts_on"]:
            yield CellFault(row.number, "starts_on", values["starts_on"], "orgs.import-post-otherwise")
    else:
        first = max(today, post.starts_on)
    over = _named(values["over"], there, made) if values["over"] else at
    if isinstance(over, str):
        yield CellFault(row.number, "over", values["over"], over)
        over = at
    for word in filter(None, map(str.strip, re.split("[、，,;；]", values["role"]))):
        role = _codes("role").get(word, "")
        fault = _role_fault(row, word, role, there)
        if fault is not None:
            yield fault
        elif post is None or not isinstance(over, int) or (post.pk, role, over) not in there.grants:
            grant = (post.pk if post is not None else key, role, over)
            new = new or grant not in made.grants
            made.grants.setdefault(grant, first)
    made.same += not new


def _role_fault(row: Row, word: str, role: str, there: Standing) -> CellFault | None:
    if not role:
        return CellFault(row.number, "role", word, "orgs.import-role", {"roles": _all(ROLE_WORDS)})
    if role in access.ADMINISTRATORS:
        return CellFault(row.number, "role", word, "orgs.import-administrator")
    if tidy_username(row.values["username"]) in there.administrators:
        params = {"person": row.values["name"], "unit": there.organisation.name}
        return CellFault(row.number, "role", word, "orgs.works-administrator", params)
    reason = there.may["rights"]
    return CellFault(row.number, "role", word, reason) if reason else None


@lru_cache(maxsize=2)
def _codes(of: str) -> Mapping[str, str]:
    """Return every word for the kinds of units or for the roles, in both languages, with its code."""
    words = KIND_WORDS if of == "kind" else ROLE_WORDS
    found = {code: code for code in words}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.update({str(word): code for code, word in words.items()})
    return found


def _all(words: Mapping[str, object]) -> str:
    return "、".join(str(word) for code, word in words.items() if code not in access.ADMINISTRATORS)
