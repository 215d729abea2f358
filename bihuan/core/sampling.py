"""A sample that anyone can draw again: items + seed + size ─draw→ Sample, the same on every machine.

The ticket of an item is SHA-256 over the UTF-8 bytes of seed, one comma, and the item's id; the lowest tickets of a
stratum are drawn. Nothing else decides: not the order of the list, not a clock, not a generator of random numbers.
With coreutils the ticket of item 15-2 is ``printf '%s' "$SEED,15-2" | sha256sum``. docs/sampling.md says all of it.

>>> drawn = draw([Item("1", ("环境部",)), Item("2", ("环境部",)), Item("3", ("安监部",))], seed="35162", size=2)
>>> [(stratum.key, stratum.size, stratum.drawn) for stratum in drawn.strata]
[(('安监部',), 1, 1), (('环境部',), 2, 1)]
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from types import MappingProxyType

from bihuan.core.refusal import Refused

LONGEST_SEED = 200
#: The agreed text and the digest of the list stand in one seed: ``3-5-1-6-2+<64 hexadecimal digits>``.
_BOUND = re.compile(r"\+([0-9a-f]{64})\Z")
_UNWEIGHTED: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the list: its id and the values (unit, risk …) that place it in a stratum."""

    id: str
    stratum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stratum:
    """How many of the items that share `key` there are, and how many of them were drawn."""

    key: tuple[str, ...]
    size: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """An item with its ticket (64 hexadecimal digits) and its rank in its stratum, from 1."""

    item: Item
    number: str
    rank: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn, by stratum and ticket, beside every stratum of the list and every ticket in the same order."""

    seed: str
    digest: str
    strata: tuple[Stratum, ...]
    drawn: tuple[Ticket, ...]
    tickets: tuple[Ticket, ...]


def ticket(seed: str, item_id: str) -> str:
    """Return the ticket of an item: SHA-256 over ``seed,id`` in UTF-8, as lower-case hexadecimal digits.

    >>> ticket("35162", "15-2")[:16]
    '0312051f4adf0ae6'
    """
    return hashlib.sha256(f"{seed},{item_id}".encode()).hexdigest()


def list_text(items: Iterable[Item], *, strata: Sequence[str] = ()) -> str:
    """Return the list as the text that is frozen: CSV with a head, in the order of the ids by code point, LF.

    >>> list_text([Item("2", ("安监部",)), Item("1", ("环境部",))], strata=["unit"])
    'id,unit\\n1,环境部\\n2,安监部\\n'
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", *strata])
    writer.writerows([item.id, *item.stratum] for item in sorted(items, key=lambda item: item.id))
    return file.getvalue()


def list_digest(items: Iterable[Item], *, strata: Sequence[str] = ()) -> str:
    """Return SHA-256 of the frozen list: what ``sha256sum`` says of the file."""
    return hashlib.sha256(list_text(items, strata=strata).encode()).hexdigest()


def by_hand(seed: str, item_id: str) -> str:
    """Return the line for a shell that computes one ticket with coreutils."""
    quoted = f"{seed},{item_id}".replace("'", "'\\''")
    return f"printf '%s' '{quoted}' | sha256sum"


def bound_seed(agreed: str, digest: str) -> str:
    """Return the seed that binds the text agreed in public to the list that was frozen before."""
    return f"{agreed}+{digest}"


def bound_digest(seed: str) -> str | None:
    """Return the digest of the list that a seed is bound to; None when it is bound to none."""
    found = _BOUND.search(seed)
    return found[1] if found else None


def draw(
    items: Iterable[Item],
    *,
    seed: str,
    size: int,
    strata: Sequence[str] = (),
    weights: Mapping[str, int] = _UNWEIGHTED,
) -> Sample:
    """Draw `size` items: at least one of every stratum, the rest in proportion, within a stratum by ticket.

    `weights` gives a whole number to values of strata (``{"重点": 3}``): such an item counts as that many in the
    proportion, and as one in the draw. A stratum's weight is the product over its values.

    :raises Refused: sampling.no-items, sampling.no-seed, sampling.size, sampling.fewer-than-strata,
        sampling.twice, sampling.weight
    """
    listed = list(items)
    _check(listed, seed, size, weights)
    groups: dict[tuple[str, ...], list[Item]] = {}
    for item in listed:
        groups.setdefault(item.stratum, []).append(item)
    keys = sorted(groups)
    if size < len(keys):
        raise Refused("sampling.fewer-than-strata", size=size, strata=len(keys))
    shares = allocate({key: len(groups[key]) for key in keys}, size=size, seed=seed, weights=weights)
    everyone = {
        key: [
            Ticket(item, number, rank)
            for rank, (number, _, item) in enumerate(
                sorted((ticket(seed, item.id), item.id, item) for item in groups[key]), 1
            )
        ]
        for key in keys
    }
    return Sample(
        seed=seed,
        digest=list_digest(listed, strata=strata),
        strata=tuple(Stratum(key, len(groups[key]), shares[key]) for key in keys),
        drawn=tuple(one for key in keys for one in everyone[key][: shares[key]]),
        tickets=tuple(one for key in keys for one in everyone[key]),
    )


def allocate(
    sizes: Mapping[tuple[str, ...], int],
    *,
    size: int,
    seed: str,
    weights: Mapping[str, int] = _UNWEIGHTED,
) -> dict[tuple[str, ...], int]:
    """Return how many are drawn of each stratum: one, and of what is left its share by largest remainder.

    In whole numbers throughout. No stratum gives more than it has; what a full one cannot take goes to the others by
    the same rule. Equal remainders are ordered by the ticket of the stratum (its values joined by ``/``).
    """
    shares = dict.fromkeys(sizes, 1)
    left = size - len(sizes)
    room = {key: number - 1 for key, number in sizes.items()}
    while left:
        mass = {key: room[key] * _weight(key, weights) for key in sizes if room[key]}
        total = sum(mass.values())
        order = sorted(mass, key=lambda key: (-(left * mass[key] % total), ticket(seed, "/".join(key)), key))
        given = {key: left * mass[key] // total for key in mass}
        for key in order[: left - sum(given.values())]:
            given[key] += 1
        for key, number in given.items():
            taken = min(number, room[key])
            shares[key] += taken
            room[key] -= taken
            left -= taken
    return shares


#: Quantiles of the normal distribution in hundredths, by the level of confidence in percent.
QUANTILES: Mapping[int, int] = MappingProxyType({90: 164, 95: 196, 99: 258})


def wilson(hits: int, seen: int, *, z_hundredths: int) -> tuple[int, int]:
    """Return Wilson's score interval of a rate in tenths of a percent, rounded outwards; (0, 1000) for nothing seen.

    `z_hundredths` is the quantile in hundredths: 196 is 95 %. Whole numbers, so that every machine agrees.
    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.

    >>> wilson(1, 10, z_hundredths=196)
    (17, 405)
    """
    if not 0 <= hits <= seen:
        raise ValueError("more hits than were seen")
    if seen == 0:
        return 0, 1000
    square = z_hundredths * z_hundredths  # z² in ten-thousandths
    middle = 20_000 * hits + square  # 2·(hits + z²/2) in ten-thousandths
    inner = square * (square * seen + 40_000 * hits * (seen - hits)) // seen
    below = 2 * (10_000 * seen + square)
    low = max(0, 1000 * (middle - isqrt(inner) - 1) // below)
    high = min(1000, -(-1000 * (middle + isqrt(inner) + 1) // below))
    return (0 if hits == 0 else low), (1000 if hits == seen else high)


def _check(items: Sequence[Item], seed: str, size: int, weights: Mapping[str, int]) -> None:
    if not items:
        raise Refused("sampling.no-items")
    if not seed.strip() or seed != seed.strip() or len(seed) > LONGEST_SEED or not seed.isprintable():
        raise Refused("sampling.no-seed", longest=LONGEST_SEED)
    if not 1 <= size <= len(items):
        raise Refused("sampling.size", size=size, items=len(items))
    seen: set[str] = set()
    for item in items:
        if not item.id.strip() or not item.id.isprintable():
            raise Refused("sampling.no-id", id=item.id[:40])
        if item.id in seen:
            raise Refused("sampling.twice", id=item.id[:40])
        seen.add(item.id)
    for value, weight in weights.items():
        if not 1 <= weight <= 100:
            raise Refused("sampling.weight", value=value[:40], weight=weight)


def _weight(key: tuple[str, ...], weights: Mapping[str, int]) -> int:
    product = 1
    for value in key:
        product *= weights.get(value, 1)
    return product
