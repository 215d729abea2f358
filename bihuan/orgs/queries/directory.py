"""The directory as its pages show it: sight ─→ trees of units, people with posts, counts. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from bihuan.orgs.models import Grant, OneTimeCode, Post, Token, Unit, UnitLink, User
from bihuan.orgs.queries.sight import SUPERIORS, Sight, in_place, people_seen, running, units_seen

DEEPEST = 2
MOST_SHOWN = 300


@dataclass(slots=True)
class Node:
    """A unit of the outline with what is shown below it; `deeper` counts what only its own page shows."""

    unit: Unit
    people: int
    below: list["Node"] = field(default_factory=list)
    deeper: int = 0


def outline(seen: Sight, today: date) -> list[Node]:
    """Return the trees in sight, two levels deep below each root, less where that is more than a page holds.

    Five queries, whatever the size.
    """
    roots = list(units_seen(seen).exclude(parent__in=seen.directory)[:MOST_SHOWN])
    links = UnitLink.objects.filter(ancestor__in=roots)
    depth = _depth_shown(links)
    shown = list(
        links.filter(depth__lte=depth)
        .select_related("descendant")
        .order_by("depth", "descendant__position", "descendant_id")
    )
    ids = [link.descendant_id for link in shown]
    people = _counted(Post.objects.filter(running("", today), unit__in=ids), "unit_id")
    at_the_edge = [link.descendant_id for link in shown if link.depth == depth]
    deeper = _counted(Unit.objects.filter(parent__in=at_the_edge), "parent_id")
    nodes: dict[int, Node] = {}
    for link in shown:
        unit = link.descendant
        nodes[unit.pk] = Node(unit=unit, people=people.get(unit.pk, 0), deeper=deeper.get(unit.pk, 0))
        if link.depth and unit.parent_id in nodes:
            nodes[unit.parent_id].below.append(nodes[unit.pk])
    return [nodes[root.pk] for root in roots]


def counts(seen: Sight) -> tuple[int, int]:
    """Return how many units and how many people with a working account are in sight."""
    return units_seen(seen).filter(is_active=True).count(), people_seen(seen).filter(is_active=True).count()


def above_in_sight(unit: Unit, seen: Sight) -> QuerySet[Unit]:
    """Return the units above this one that are in sight, from the top."""
    return (
        units_seen(seen)
        .filter(links_down__descendant=unit, links_down__depth__gt=0)
        .order_by("-links_down__depth")
    )


def children_of(unit: Unit) -> QuerySet[Unit]:
    """Return the units right below, open ones first, each with the number of its own children as `units`."""
    return (
        Unit.objects.filter(parent=unit)
        .annotate(units=Count("children"))
        .order_by("-is_active", "position", "pk")
    )


def posts_in(unit: Unit) -> QuerySet[Post]:
    """Return the posts in the unit with their people, those without an end first, in the order of the unit."""
    return (
        Post.objects.filter(unit=unit)
        .select_related("person")
        .order_by(F("ends_on").desc(nulls_first=True), in_place(""), "starts_on", "pk")
    )


def posts_to_order(unit: Unit, today: date) -> list[Post]:
    """Return the posts of the unit that have not ended, with their people, in their order."""
    rows = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), unit=unit).select_related("person")
    return list(rows.order_by(in_place(""), "starts_on", "pk"))


def grants_over(unit: Unit, seen: Sight) -> QuerySet[Grant]:
    """Return the grants that run today over the unit or a unit above it, as far as those are in sight."""
    here = running("", seen.today) & running("post__", seen.today) & seen.listed("unit")
    return (
        Grant.objects.filter(here, unit__links_down__descendant=unit, post__person__is_active=True)
        .select_related("post__person", "post__unit", "unit")
        .order_by("role", "post__person__name")
    )


def people_linked(people: Iterable[int], seen: Sight) -> frozenset[int]:
    """Return which of these people have a page for whoever sees this. One query, none for nobody."""
    wanted = set(people)
    return (
        frozenset(people_seen(seen).filter(pk__in=wanted).values_list("pk", flat=True))
        if wanted
        else frozenset()
    )


def units_linked(units: Iterable[int], seen: Sight) -> frozenset[int]:
    """Return which of these units have a page for whoever sees this. One query, none for nothing."""
    wanted = set(units)
    return frozenset(seen.directory.filter(descendant__in=wanted)) if wanted else frozenset()


def people_found(seen: Sight, *, words: str, disabled: bool) -> QuerySet[User]:
    """Return the people in sight whose name, account or unit holds `words`."""
    found = people_seen(seen).filter(is_active=not disabled)
    if words:
        there = Post.objects.filter(person=OuterRef("pk"), unit__in=seen.directory).filter(
            Q(unit__name__contains=words) | Q(unit__short_name__contains=words)
        )
        found = found.filter(Q(name__contains=words) | Q(username__contains=words.lower()) | Q(Exists(there)))
    return found


def with_posts(people: Iterable[User], seen: Sight) -> list[tuple[User, list[Post]]]:
    """Return each person of a page with the posts in sight that run today. Two queries."""
    rows = list(people)
    posts: dict[int, list[Post]] = defaultdict(list)
    here = seen.listed("unit") & running("", seen.today)
    grants = Prefetch("grants", queryset=Grant.objects.filter(here))
    for post in Post.objects.filter(here, person__in=rows).select_related("unit").prefetch_related(grants):
        posts[post.person_id].append(post)
    return [(person, posts[person.pk]) for person in rows]


def posts_of(person: User, seen: Sight) -> list[Post]:
    """Return a person's posts with units and grants, the latest first: those in sight, or all of one's own."""
    shown = Q() if person.pk == seen.user_id else seen.listed("unit")
    grants = Prefetch("grants", queryset=Grant.objects.filter(shown | SUPERIORS).select_related("unit"))
    rows = Post.objects.filter(shown, person=person).select_related("unit").prefetch_related(grants)
    return list(rows.order_by("-starts_on", "-pk"))


def open_code(person: User, at: datetime) -> OneTimeCode | None:
    """Return the start or reset code that waits to be used, or None."""
    return OneTimeCode.objects.filter(
        user=person, purpose__in=("start", "reset"), used_at=None, expires_at__gt=at
    ).first()


def recovery_left(user: User) -> int:
    """Return how many recovery codes are left."""
    return OneTimeCode.objects.filter(user=user, purpose="recovery", used_at=None).count()


def tokens_of(user: User, today: date) -> list[Token]:
    """Return the person's tokens that still work."""
    return list(
        Token.objects.filter(user=user, revoked_at=None, expires_on__gte=today).order_by("-created_at")
    )


def _depth_shown(links: QuerySet[UnitLink]) -> int:
    """Return how many levels below the roots one page holds."""
    levels = dict(links.filter(depth__lte=DEEPEST).order_by().values_list("depth").annotate(Count("pk")))
    return max(
        (depth for depth in levels if sum(n for d, n in levels.items() if d <= depth) <= MOST_SHOWN),
        default=0,
    )


def _counted(rows: QuerySet[Post] | QuerySet[Unit], key: str) -> dict[int, int]:
    """Return how many rows have each value of `key`."""
    return {row[key]: row["n"] for row in rows.order_by().values(key).annotate(n=Count("pk"))}
