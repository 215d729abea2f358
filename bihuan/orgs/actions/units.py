"""The tree of units: create, rename, move, close; the closure table follows in the same transaction."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.orgs import queries
from bihuan.orgs.actions.apart import keep_administrators_apart
from bihuan.orgs.models import KINDS, Post, Unit, UnitLink
from bihuan.orgs.refusals import StepRefused, WrongInput

EDITABLE = ("name", "short_name", "kind", "position")


def require_manage(actor: Actor, unit: Unit | int, step: str = "manage") -> None:
    """Let whoever may do `step` of the directory in the unit pass, and commands on the console.

    :raises NotAllowed: for everybody else.
    """
    queries.require_actor(step, actor, unit)


def filed(actor: Actor, unit: Unit | int) -> Actor:
    """Return the actor with the organisation under which the act is filed."""
    organisation = queries.organisation_of(unit)
    return replace(actor, organisation_id=organisation.pk) if organisation else actor


@transaction.atomic
def create_unit(
    parent: Unit | None, *, name: str, kind: str = "department", short_name: str = "", actor: Actor
) -> Unit:
    """Create a unit below `parent`, the last of its children; only the console creates one at the top.

    :raises NotAllowed: when the actor does not hold the office there.
    :raises WrongInput: when the name is taken under this parent, empty, or the kind unknown.
    """
    if parent is not None:
        require_manage(actor, parent)
        lock_trees(parent.pk)
        parent = Unit.objects.select_for_update().get(pk=parent.pk)
    elif actor.user_id is not None:
        raise StepRefused("orgs.unit-at-top")
    unit = Unit(parent=parent, name=name.strip(), short_name=short_name.strip(), kind=kind)
    last = Unit.objects.filter(parent=parent).order_by("-position").values_list("position", flat=True).first()
    unit.position = 1 if last is None else last + 1
    _check(unit)
    unit.save()
    above = UnitLink.objects.filter(descendant=parent) if parent else UnitLink.objects.none()
    UnitLink.objects.bulk_create(
        [
            UnitLink(ancestor=unit, descendant=unit, depth=0),
            *(UnitLink(ancestor_id=up.ancestor_id, descendant=unit, depth=up.depth + 1) for up in above),
        ]
    )
    record(actor=filed(actor, unit), action="unit.created", created=[unit])
    return unit


@transaction.atomic
def edit_unit(unit: Unit, *, values: Mapping[str, str | int], actor: Actor) -> Unit:
    """Change name, short name, kind or position; what is equal stays unrecorded.

    :raises WrongInput: when the name is taken under the same parent, empty, or the kind unknown.
    """
    require_manage(actor, unit)
    lock_trees(unit.pk)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    changed = [
        field for field in EDITABLE if field in values and getattr(unit, field) != _tidy(values[field])
    ]
    for field in changed:
        setattr(unit, field, _tidy(values[field]))
    if not changed:
        return unit
    _check(unit)
    unit.save(update_fields=changed)
    if "kind" in changed:
        keep_administrators_apart(actor.today)
    record(actor=filed(actor, unit), action="unit.edited", changed=[(unit, changed)])
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, actor: Actor) -> Unit:
    """Move a unit with all below it under another parent.

    :raises StepRefused: when the parent is the unit itself or lies below it.
    """
    require_manage(actor, unit)
    require_manage(actor, parent)
    lock_trees(unit.pk, parent.pk)
    unit = Unit.objects.get(pk=unit.pk)
    if unit.parent_id == parent.pk:
        return unit
    if UnitLink.objects.filter(ancestor=unit, descendant=parent).exists():
        raise StepRefused("orgs.unit-below-itself", unit=unit.name, parent=parent.name)
    was = filed(actor, unit)
    unit.parent = parent
    _check(unit)
    unit.save(update_fields=["parent"])
    below = list(UnitLink.objects.filter(ancestor=unit))
    inside = [link.descendant_id for link in below]
    UnitLink.objects.filter(descendant_id__in=inside).exclude(ancestor_id__in=inside).delete()
    UnitLink.objects.bulk_create(
        UnitLink(
            ancestor_id=up.ancestor_id, descendant_id=down.descendant_id, depth=up.depth + down.depth + 1
        )
        for up in UnitLink.objects.filter(descendant=parent)
        for down in below
    )
    keep_administrators_apart(actor.today)
    record(actor=was, action="unit.moved", changed=[(unit, ["parent_id"])])
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, reason: str, actor: Actor) -> Unit:
    """Close a unit: it stays in what was, and takes nothing new.

    :raises StepRefused: while a unit below it is open or a post in it runs.
    """
    require_manage(actor, unit)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if not unit.is_active:
        raise StepRefused("orgs.unit-closed-already", unit=unit.name)
    below = Unit.objects.filter(parent=unit, is_active=True).count()
    people = Post.objects.filter(queries.running("", actor.today), unit=unit).count()
    if below or people:
        raise StepRefused("orgs.unit-in-use", unit=unit.name, below=below, people=people)
    return _set_active(unit, active=False, reason=reason, actor=actor)


@transaction.atomic
def reopen_unit(unit: Unit, *, reason: str, actor: Actor) -> Unit:
    """Open a closed unit again.

    :raises StepRefused: when it is open, or the unit above it is closed.
    """
    require_manage(actor, unit)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.is_active:
        raise StepRefused("orgs.unit-open-already", unit=unit.name)
    if unit.parent is not None and not unit.parent.is_active:
        raise StepRefused("orgs.unit-above-closed", unit=unit.parent.name)
    return _set_active(unit, active=True, reason=reason, actor=actor)


def _set_active(unit: Unit, *, active: bool, reason: str, actor: Actor) -> Unit:
    unit.is_active = active
    unit.save(update_fields=["is_active"])
    action = "unit.reopened" if active else "unit.closed"
    record(actor=filed(actor, unit), action=action, changed=[(unit, ["is_active"])], reason=reason)
    return unit


def _check(unit: Unit) -> None:
    """Refuse a unit without a name, of an unknown kind, under a closed parent, or named as another."""
    if not unit.name:
        raise WrongInput("orgs.unit-without-name", field="name")
    if unit.kind not in KINDS:
        raise WrongInput("orgs.unit-kind", field="kind", kind=unit.kind)
    if unit.parent is not None and not unit.parent.is_active:
        raise StepRefused("orgs.unit-above-closed", unit=unit.parent.name)
    if Unit.objects.filter(parent=unit.parent, name=unit.name).exclude(pk=unit.pk).exists():
        raise WrongInput("orgs.unit-name-taken", field="name", name=unit.name)


def lock_trees(*units: int) -> None:
    """Lock the tops of the trees: two moves at once close no circle, two ends at once leave an office."""
    tops = Unit.objects.filter(links_down__descendant__in=units, parent=None).values_list("pk", flat=True)
    list(Unit.objects.select_for_update().filter(pk__in=list(tops)).order_by("pk"))


def _tidy(value: str | int) -> str | int:
    return value.strip() if isinstance(value, str) else value
