"""Reading the record: the timeline of an object, and the proof that the events give the tables."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Min, Q, QuerySet

from bihuan.audit.models import Event, Head
from bihuan.audit.sealing import plain, sealed_models
from bihuan.core.chronicle import FIRST_PREVIOUS, commitment, leaf, root
from bihuan.web.catalogue import say


@dataclass(frozen=True, slots=True)
class Break:
    """Where the record does not hold: the event's number (or 0) and the code of the catalogue that says why."""

    seq: int
    code: str
    kind: str = ""
    object_id: int = 0
    field: str = ""


def events_of(kind: str, object_id: int) -> QuerySet[Event]:
    """Return the events of one object, newest first."""
    return Event.objects.filter(kind=kind, object_id=object_id).order_by("-seq")


def values_of(event: Event) -> Mapping[str, Any]:
    """Return what the event set: plain values, and the text behind commitments where it was not erased (else None)."""
    opened = json.loads(event.opened) if event.opened else {}
    values = {}
    for field, value in json.loads(event.sealed)["set"].items():
        if isinstance(value, dict) and set(value) == {"c"}:
            values[field] = opened[field][1] if field in opened else None
        else:
            values[field] = value
    return values


def reason_of(event: Event) -> str:
    """Return the reason given with the event, empty when there is none or it was erased."""
    return str(json.loads(event.opened).get("reason", ["", ""])[1]) if event.opened else ""


def chain_breaks() -> Iterator[Break]:
    """Walk the record and name every event that was changed, dropped, swapped or put in. Reads all events once."""
    expected, previous = 1, FIRST_PREVIOUS
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq != expected:
            yield Break(expected, "audit.missing")
        body = _body(event)
        if body is None or leaf(event.sealed.encode()).hex() != event.hash:
            yield Break(event.seq, "audit.changed", event.kind, event.object_id)
        elif body["prev"] != previous and event.seq == expected:
            yield Break(event.seq, "audit.swapped", event.kind, event.object_id)
        if body is not None and _columns_differ(event, body):
            yield Break(event.seq, "audit.columns", event.kind, event.object_id)
        if body is not None:
            yield from _false_openings(event, body)
        expected, previous = event.seq + 1, event.hash
    head = Head.objects.filter(pk=1).first() or Head()
    if (head.seq, head.hash) != (expected - 1, previous):
        yield Break(head.seq, "audit.head")


#: What every event has; one without it was not written by us.
PARTS = frozenset(("seq", "batch", "prev", "kind", "object", "action", "actor", "at", "set"))


def _body(event: Event) -> dict[str, Any] | None:
    """Return what was sealed, None when somebody changed it into what is no event any more."""
    try:
        body = json.loads(event.sealed)
    except ValueError:
        return None
    return body if isinstance(body, dict) and body.keys() >= PARTS and isinstance(body["set"], dict) else None


def _opened(event: Event) -> dict[str, Any] | None:
    """Return the openings of the commitments, None when somebody changed them into something else."""
    try:
        opened = json.loads(event.opened) if event.opened else {}
    except ValueError:
        return None
    pairs = isinstance(opened, dict) and all(
        isinstance(one, list) and len(one) == 2 for one in opened.values()
    )
    return opened if pairs else None


def _columns_differ(event: Event, body: Mapping[str, Any]) -> bool:
    told = (
        body["seq"],
        body["batch"],
        body["kind"],
        body["object"],
        body["action"],
        body["actor"],
        body["at"],
        body.get("org"),
    )
    kept = (
        event.seq,
        event.batch,
        event.kind,
        event.object_id,
        event.action,
        event.actor_label,
        event.at.isoformat(),
        event.organisation_id,
    )
    return told != kept


def _false_openings(event: Event, body: Mapping[str, Any]) -> Iterator[Break]:
    opened = _opened(event)
    if opened is None:
        yield Break(event.seq, "audit.opening", event.kind, event.object_id)
        return
    sealed = {**body["set"], **({"reason": body["reason"]} if "reason" in body else {})}
    for field, (salt, value) in opened.items():
        if sealed.get(field) != {"c": commitment(salt, field, value)}:
            yield Break(event.seq, "audit.opening", event.kind, event.object_id, field)


def folded() -> dict[tuple[str, int], dict[str, Any]]:
    """Fold all events into the state of every object: plain values, and commitments where the text was erased."""
    state: dict[tuple[str, int], dict[str, Any]] = {}
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        body = _body(event)
        if body is None:
            continue  # named by chain_breaks
        key = (body["kind"], body["object"])
        if body.get("gone"):
            state.pop(key, None)
            continue
        opened = _opened(event) or {}
        row = state.setdefault(key, {})
        for field, value in body["set"].items():
            veiled = isinstance(value, dict) and set(value) == {"c"}
            row[field] = opened[field][1] if veiled and field in opened else ("erased",) if veiled else value
    return state


def table_breaks() -> Iterator[Break]:
    """Compare the folded events with every sealed table, row by row and field by field."""
    state = folded()
    for kind, model in sealed_models().items():
        fields: tuple[str, ...] = model.sealed_fields  # type: ignore[attr-defined]
        for row in model._default_manager.all().iterator(chunk_size=2000):
            told = state.pop((kind, row.pk), None)
            if told is None:
                yield Break(0, "audit.unrecorded", kind, row.pk)
                continue
            for field in fields:
                if field not in told or (
                    told[field] != ("erased",) and told[field] != plain(getattr(row, field))
                ):
                    yield Break(0, "audit.differs", kind, row.pk, field)
    for kind, object_id in state:
        yield Break(0, "audit.vanished", kind, object_id)


def checkpoint() -> tuple[int, str]:
    """Return the number of events and the root of the tree over them. Reads all hashes once."""
    hashes = Event.objects.order_by("seq").values_list("hash", flat=True).iterator(chunk_size=5000)
    size = Head.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    return size, root(bytes.fromhex(one) for one in hashes).hex()


class Sight(Protocol):
    """What `orgs` lays on a request: the predicate of what a person sees (this context lies below orgs)."""

    def q(self, organisation: str | None = None) -> Q:
        """Return the predicate of the objects that this person sees."""
        ...

    def recorded(self, organisation: str, *, kind: str) -> Q:
        """Return the predicate of what this person reads of the record."""
        ...


def events_seen(
    sight: Sight, *, kind: str = "", object_id: int | None = None, batch: int | None = None
) -> QuerySet[Event]:
    """Return the events filed in organisations in sight, newest first, narrowed to an object or a batch."""
    events = Event.objects.filter(sight.recorded("organisation_id", kind="kind")).order_by("-seq")
    if kind:
        events = events.filter(kind=kind)
    if object_id is not None:
        events = events.filter(object_id=object_id)
    return events if batch is None else events.filter(batch=batch)


def events_linked(sight: Sight, events: Iterable[Event]) -> frozenset[int]:
    """Return which of these events are of objects that the person may open, by number. One query."""
    rows = Event.objects.filter(sight.q("organisation_id"), pk__in=[event.pk for event in events])
    return frozenset(rows.order_by().values_list("pk", flat=True))


def acts_seen(sight: Sight) -> QuerySet[Event]:
    """Return the first event of every batch in sight, newest first: one act of one person, whatever it changed."""
    return Event.objects.filter(sight.recorded("organisation_id", kind="kind"), seq=F("batch")).order_by(
        "-seq"
    )


def sizes(batches: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """Return how many objects of each kind every batch changed. One query."""
    rows = Event.objects.filter(batch__in=list(batches)).order_by().values_list("batch", "kind")
    found: dict[int, list[tuple[str, int]]] = {}
    for batch, kind, number in rows.annotate(number=Count("object_id", distinct=True)).order_by(
        "batch", "kind"
    ):
        found.setdefault(batch, []).append((kind, number))
    return found


def names_of(events: Iterable[Event]) -> dict[int | None, str]:
    """Return the names of the people who acted, by id. One query."""
    ids = {event.actor_id for event in events if event.actor_id is not None}
    people = get_user_model().objects.filter(pk__in=ids)
    return {person.pk: person.get_full_name() for person in people}


def titles_of(events: Iterable[Event]) -> dict[tuple[str, int], str]:
    """Return number and title of each object: as the event says, else as it was first recorded. Two queries."""
    shown = list(events)
    found = {(event.kind, event.object_id): title_of(event) for event in shown}
    unnamed = [key for key, title in found.items() if not title]
    if unnamed:
        wanted = Q(kind__in={kind for kind, _ in unnamed}, object_id__in={pk for _, pk in unnamed})
        rows = Event.objects.filter(wanted).order_by().values("kind", "object_id").annotate(first=Min("seq"))
        firsts = [row["first"] for row in rows if (row["kind"], row["object_id"]) in found]
        for event in Event.objects.filter(seq__in=firsts):
            found[event.kind, event.object_id] = found.get((event.kind, event.object_id)) or title_of(event)
    return found


def act_words(event: Event, *, lang: str) -> str:
    """Return in words what the event's act was."""
    return say(f"audit.{event.action.replace('.', '-')}", lang=lang)


def thing_words(kind: str, *, lang: str) -> str:
    """Return the word of a kind of object."""
    return say(f"audit.kind-{kind.replace('_', '-')}", lang=lang)


def title_of(event: Event) -> str:
    """Return what names the object in the event's own values: title, name, number or text; empty without any."""
    values = values_of(event)
    title = next((str(values[name]) for name in ("title", "name", "text") if values.get(name)), "")
    number = str(values.get("number") or "")
    return f"{number} {title}".strip()[:80]
