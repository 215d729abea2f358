"""Samples: the same everywhere, moved only by what must move them, fair to every stratum."""

import hashlib
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.refusal import Refused
from bihuan.core.sampling import (
    Item,
    allocate,
    bound_digest,
    bound_seed,
    draw,
    list_digest,
    list_text,
    ticket,
    wilson,
)

UNITS = ("生态环境部", "安全生产监管部", "招商合作部")
LISTS = st.dictionaries(
    st.integers(1, 400).map(str),
    st.tuples(st.sampled_from(UNITS), st.sampled_from(("重点", "一般"))),
    min_size=6,
).map(lambda found: [Item(pk, key) for pk, key in found.items()])
SEEDS = st.text("0123456789abc-", min_size=1, max_size=30)


def ids(sample: object) -> set[str]:
    return {one.item.id for one in sample.drawn}


@given(LISTS, SEEDS, st.data())
def test_the_order_of_the_list_changes_nothing(items: list[Item], seed: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(len({item.stratum for item in items}), len(items)))
    other = data.draw(st.permutations(items))
    assert draw(items, seed=seed, size=size) == draw(other, seed=seed, size=size)


@given(LISTS, SEEDS, st.data())
def test_exactly_as_many_as_asked_one_of_each_stratum_at_least(
    items: list[Item], seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(len({item.stratum for item in items}), len(items)))
    weights = data.draw(st.dictionaries(st.sampled_from(("重点", "一般", *UNITS)), st.integers(1, 9)))
    sample = draw(items, seed=seed, size=size, weights=weights)
    assert len(ids(sample)) == len(sample.drawn) == size
    assert all(1 <= one.drawn <= one.size for one in sample.strata)
    assert sum(one.size for one in sample.strata) == len(items)
    taken = Counter(one.item.stratum for one in sample.drawn)
    assert taken == {one.key: one.drawn for one in sample.strata}


@given(LISTS, SEEDS, st.data())
def test_within_a_stratum_the_lowest_tickets_are_drawn(
    items: list[Item], seed: str, data: st.DataObject
) -> None:
    sample = draw(items, seed=seed, size=data.draw(st.integers(6, len(items))))
    for stratum in sample.strata:
        expected = sorted(
            hashlib.sha256((seed + "," + item.id).encode("utf-8")).hexdigest()
            for item in items
            if item.stratum == stratum.key
        )[: stratum.drawn]
        assert [one.number for one in sample.drawn if one.item.stratum == stratum.key] == expected


@given(LISTS, SEEDS, st.data())
def test_an_added_row_takes_one_place_or_none(items: list[Item], seed: str, data: st.DataObject) -> None:
    """Without strata one row at most gives way; no other moves."""
    plain = [Item(item.id) for item in items]
    size = data.draw(st.integers(1, len(plain)))
    before = ids(draw(plain, seed=seed, size=size))
    after = ids(draw([*plain, Item("new")], seed=seed, size=size))
    assert after == before or (after - before == {"new"} and len(before - after) == 1)


@given(LISTS, SEEDS, st.integers(6, 6))
def test_a_larger_sample_holds_the_smaller_one_where_the_share_of_the_stratum_grew(
    items: list[Item], seed: str, size: int
) -> None:
    small = draw(items, seed=seed, size=size)
    large = draw(items, seed=seed, size=len(items))
    assert ids(small) <= ids(large)


@given(
    st.dictionaries(st.tuples(st.sampled_from("abcdef")), st.integers(1, 60), min_size=1), SEEDS, st.data()
)
def test_shares_stay_within_one_of_the_proportion(
    sizes: dict[tuple[str, ...], int], seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(len(sizes), sum(sizes.values())))
    shares = allocate(sizes, size=size, seed=seed)
    over = sum(sizes.values()) - len(sizes)
    for key, number in sizes.items():
        exact = 1 + (Fraction((size - len(sizes)) * (number - 1), over) if over else 0)
        assert abs(shares[key] - exact) < 1


@settings(max_examples=5)
@given(SEEDS)
def test_no_row_is_favoured(prefix: str) -> None:
    """Each row of equal strata is drawn about as often as any other: within five standard deviations in 600 draws."""
    items = [Item(str(number), (UNITS[number % 3],)) for number in range(30)]
    times: Counter[str] = Counter()
    for round_ in range(600):
        times.update(ids(draw(items, seed=f"{prefix}/{round_}", size=6)))
    assert all(abs(times[item.id] - 120) < 49 for item in items)


def test_a_heavier_stratum_gives_more_and_never_more_than_it_has() -> None:
    items = [Item(str(n), ("重点",)) for n in range(4)] + [Item(str(n), ("一般",)) for n in range(10, 30)]
    even = {one.key: one.drawn for one in draw(items, seed="1", size=8).strata}
    heavy = {one.key: one.drawn for one in draw(items, seed="1", size=8, weights={"重点": 5}).strata}
    full = {one.key: one.drawn for one in draw(items, seed="1", size=20, weights={"重点": 100}).strata}
    assert (even[("重点",)], heavy[("重点",)], full[("重点",)]) == (2, 4, 4)
    assert sum(full.values()) == 20


def test_the_frozen_list_is_what_sha256sum_sees() -> None:
    items = [Item("15-2", ("环境,部",)), Item("15-1", ("安监部",))]
    text = list_text(items, strata=["unit"])
    assert text == 'id,unit\n15-1,安监部\n15-2,"环境,部"\n'
    assert list_digest(items, strata=["unit"]) == hashlib.sha256(text.encode()).hexdigest()
    seed = bound_seed("3-5-1", list_digest(items, strata=["unit"]))
    assert bound_digest(seed) == list_digest(items, strata=["unit"])
    assert bound_digest("3-5-1") is None


def test_a_known_draw_stays_what_it_was() -> None:
    """Samples drawn years ago must be drawn again by every later version."""
    items = [
        Item(f"{number}-1", (UNITS[number % 3], "重点" if number % 5 == 0 else "一般"))
        for number in range(1, 50)
    ]
    sample = draw(items, seed="2026-11-23 骰子35162", size=12, strata=("unit", "risk"))
    assert ticket("2026-11-23 骰子35162", "1-1")[:12] == KNOWN_TICKET
    assert [one.item.id for one in sample.drawn] == KNOWN
    assert sample.digest[:12] == KNOWN_DIGEST


KNOWN_TICKET = "b3a370fe23ed"
KNOWN = ["4-1", "37-1", "13-1", "40-1", "41-1", "44-1", "17-1", "35-1", "42-1", "48-1", "18-1", "30-1"]
KNOWN_DIGEST = "025518f4b991"


@pytest.mark.parametrize(
    ("items", "seed", "size", "code"),
    [
        ([], "1", 1, "sampling.no-items"),
        ([Item("1")], " ", 1, "sampling.no-seed"),
        ([Item("1")], "1 ", 1, "sampling.no-seed"),
        ([Item("1")], "1\u200b", 1, "sampling.no-seed"),
        ([Item("1")], "1" * 201, 1, "sampling.no-seed"),
        ([Item("1")], "1", 2, "sampling.size"),
        ([Item("1")], "1", 0, "sampling.size"),
        ([Item("1"), Item("1")], "1", 1, "sampling.twice"),
        ([Item(" ")], "1", 1, "sampling.no-id"),
        ([Item("1", ("a",)), Item("2", ("b",))], "1", 1, "sampling.fewer-than-strata"),
    ],
)
def test_what_cannot_be_drawn_is_refused(items: list[Item], seed: str, size: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        draw(items, seed=seed, size=size)
    assert refused.value.code == code


def test_a_weight_is_a_whole_number_from_one() -> None:
    with pytest.raises(Refused, match=r"sampling\.weight"):
        draw([Item("1", ("重点",))], seed="1", size=1, weights={"重点": 0})


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_interval_agrees_with_the_formula_in_floating_point(hits: int, misses: int) -> None:
    seen = hits + misses
    low, high = wilson(hits, seen, z_hundredths=196)
    assert 0 <= low <= high <= 1000
    if seen:
        p, z = hits / seen, 1.96
        centre, half = p + z * z / (2 * seen), z * ((p * (1 - p) + z * z / (4 * seen)) / seen) ** 0.5
        assert abs(low - 1000 * (centre - half) / (1 + z * z / seen)) <= 1.01
        assert abs(high - 1000 * (centre + half) / (1 + z * z / seen)) <= 1.01
