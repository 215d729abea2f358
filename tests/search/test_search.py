"""Search finds exactly what holds the words, in both databases."""

import pytest
from django.db.models import Q

from bihuan.search.actions import Findable, put, share, take_out
from bihuan.search.queries import found, shared_with

pytestmark = pytest.mark.django_db

TEXTS = {
    1: "安全隐患排查未能做到全覆盖",
    2: "污水管网尾水排放管线较长，排污不规范",
    3: "隐蔽工程，患病职工",
    4: "VOCs治理“一企一策”，完成75.35%",
    5: "它说：It's 'quoted' \\ back",
}


@pytest.fixture(autouse=True)
def entries() -> None:
    put([Findable("problem", pk, 1, text, text="补充说明" if pk == 2 else "") for pk, text in TEXTS.items()])


def ids(query: str, visible: Q | None = None) -> list[int]:
    return list(found(query, visible=visible or Q()).values_list("object_id", flat=True))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("隐患", [1]), ("排", [1, 2]), ("管网 规范", [2]), ("补充说明", [2]), ("vocs", [4]), ("ＶＯＣｓ治理", [4]), ("75.35", [4]),
        ("不存在", []), ("", []), ("！？", []), ("it's", [5]), ("quoted", [5]), ('"', []), ("长排", []),
    ],
)  # fmt: skip
def test_a_query_finds_what_holds_its_words(query: str, expected: list[int]) -> None:
    assert ids(query) == expected


def test_what_changed_is_found_by_its_new_words_only() -> None:
    put([Findable("problem", 1, 1, "改为消防通道")])
    assert ids("隐患") == []
    assert ids("消防") == [1]


def test_what_was_taken_out_is_not_found() -> None:
    take_out("problem", [1])
    assert ids("隐患") == []


def test_only_the_visible_is_found() -> None:
    put([Findable("problem", 9, 2, "别处的隐患", unit_id=7)])
    assert ids("隐患", Q(organisation_id=1)) == [1]
    assert ids("隐患", Q(unit_id=7)) == [9]


def test_what_is_shared_is_found_by_those_units_too() -> None:
    share("problem", {1: [7, 8], 3: [8], 999: [7]})
    assert ids("隐", shared_with([7])) == [1]
    assert ids("隐", shared_with([7, 8])) == [1, 3]
    share("problem", {1: [8]})
    assert ids("隐", shared_with([7])) == []
    put([Findable("problem", 1, 1, "消除隐患")])
    assert ids("隐", shared_with([8])) == [1, 3]
    take_out("problem", [1])
    assert ids("隐", shared_with([8])) == [3]
