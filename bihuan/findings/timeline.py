"""What happened to an object, newest first, in plain sentences: events ─rows→ the timeline part of the page."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.audit.models import Event
from bihuan.audit.queries import events_of, reason_of, values_of
from bihuan.findings.wording import category_word, partial, state_word, told
from bihuan.orgs.models import Unit, User

MOST = 30
LONGEST_VALUE = 60
SILENT = frozenset({"withdrawn", "position"})


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the timeline."""

    at: datetime
    text: str
    who: str = ""
    url: str = ""
    css: str = ""


def timeline(kind: str, object_id: int) -> list[Act]:
    """Return the acts on one object, newest first, MOST at most. Three queries."""
    return acts(list(events_of(kind, object_id)[:MOST]))


def acts(
    events: Sequence[Event],
    said: Callable[[Event, Mapping[int, str]], tuple[str, str] | None] = lambda _event, _people: None,
    more_people: Collection[int] = (),
) -> list[Act]:
    """Return events as acts; `said` gives the sentence and mark of those that have words of their own. Two queries."""
    told_of = [(event, values_of(event)) for event in events]
    asked = {event.actor_id for event in events if event.actor_id} | set(more_people)
    people = dict(User.objects.filter(pk__in=asked).values_list("pk", "name"))
    named = {values["unit_id"] for _event, values in told_of if values.get("unit_id")}
    units = dict(Unit.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}
    return [
        Act(event.at, own[0], css=own[1])
        if (own := said(event, people))
        else _act(event, values, people, units)
        for event, values in told_of
    ]


def changed_since(kind: str, object_id: int, fields: Iterable[str]) -> Mapping[str, tuple[str, datetime]]:
    """Return who last changed each of these fields of an object, and when. Two queries."""
    wanted = set(fields)
    found: dict[str, tuple[int | None, datetime]] = {}
    for event in events_of(kind, object_id)[:MOST]:
        for field in wanted & set(values_of(event)) - set(found):
            found[field] = (event.actor_id, event.at)
    names = dict(
        User.objects.filter(pk__in={pk for pk, _at in found.values() if pk}).values_list("pk", "name")
    )
    return {field: (names.get(pk or 0, ""), at) for field, (pk, at) in found.items()}


def _act(event: Event, values: Mapping[str, Any], people: Mapping[int, str], units: Mapping[int, str]) -> Act:
    verb = event.action.rpartition(".")[2]
    who = people.get(event.actor_id or 0, "") or event.actor_label.partition("/")[0]
    reason = reason_of(event)
    parts = [_sentence(verb, event.kind, values, units)]
    if reason:
        parts.append(told("act-reason", reason=reason))
    css = "key" if verb in ("create", "register", "state") else "hot" if verb == "withdraw" else ""
    return Act(event.at, "".join(parts), who, css=css)


def _sentence(verb: str, kind: str, values: Mapping[str, Any], units: Mapping[int, str]) -> str:
    if values.get("withdrawn"):
        return told("act-withdraw")
    if kind == "task" and values.get("owed") and len(values) == 1:
        return told("act-owed")
    if verb == "state" and "state" in values:
        return told("act-state", state=state_word(values["state"]))
    if verb in ("edit", "bulk", "return") or (verb not in ("create", "register") and len(values) < 6):
        said = [_change(field, value, units) for field, value in values.items() if field not in SILENT]
        return told("act-edit", changes=told("comma").join(said)) if said else told("act-other")
    return told(f"act-create-{kind}") if verb in ("create", "register") else told("act-create")


def _change(field: str, value: Any, units: Mapping[int, str]) -> str:
    name = told(f"field-{field.removesuffix('_id')}")
    if value in (None, ""):
        return told("act-emptied", field=name)
    return told("act-set", field=name, value=shown_value(field, value, units))


def shown_value(field: str, value: Any, units: Mapping[int, str] | None = None) -> str:
    """Return a field's value as people read it."""
    if value in (None, ""):
        return told("nothing")
    if field == "state":
        return state_word(str(value))
    if field == "category":
        return category_word(str(value))
    if field == "unit_id":
        return (units or {}).get(value, str(value))
    if field.endswith("_on"):
        return partial(str(value))
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + told("cut")


def differences(
    kind: str,
    row: Any,
    values: Mapping[str, Any],
    units: Mapping[int, str],
) -> Sequence[Mapping[str, str]]:
    """Return the fields in which a form and the row differ: mine, theirs, who changed it and when. Two queries."""
    differing = [field for field, value in values.items() if getattr(row, field) != value]
    changers = changed_since(kind, row.pk, differing)
    return [
        {
            "field": told(f"field-{field.removesuffix('_id')}"),
            "mine": shown_value(field, values[field], units),
            "theirs": shown_value(field, getattr(row, field), units),
            "who": changers[field][0] if field in changers else "",
            "at": changers[field][1] if field in changers else "",  # type: ignore[dict-item]
        }
        for field in differing
    ]
