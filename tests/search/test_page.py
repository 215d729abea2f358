"""The search page finds what the person may see, and nothing else."""

import pytest

from tests.cast import Cast, make_cast
from tests.findings.browsing import signed_in
from tests.making import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    make_register(cast, title="核对危险废物转移联单", category="at_once", unit_id=cast.environment.pk)
    return cast


def hits(cast: Cast, who: str, query: str) -> str:
    answer = signed_in(getattr(cast, who)).get("/search/", {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", ["office", "reader", "department_reader"])
def test_who_sees_the_task_finds_it(cast: Cast, who: str) -> None:
    page = hits(cast, who, "转移联单")
    assert "核对危险废物转移联单" in page
    assert "/tasks/" in page


def test_outsider_finds_nothing(cast: Cast) -> None:
    assert "没有找到" in hits(cast, "outsider", "转移联单")


@pytest.mark.parametrize("query", ["", "！", "'", '"', "a" * 500, "\x00", "%", "转移 不存在的词"])
def test_odd_queries_are_answered(cast: Cast, query: str) -> None:
    assert "核对危险废物" not in hits(cast, "office", query)


def test_nobody_is_led_to_signing_in(client, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/search/?q=x").status_code == 302
