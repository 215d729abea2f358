"""The page of the record: one line an act, opened item by item, of the organisations in sight only."""

import pytest

from tests.cast import Cast, make_cast
from tests.findings.browsing import signed_in
from tests.making import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    make_register(cast, count=2, category="at_once")
    return cast


def test_acts_are_said_in_words(cast: Cast) -> None:
    page = signed_in(cast.reader).get("/record/").content.decode()
    assert "登记任务" in page
    assert "audit." not in page
    assert "方静宜" in page


def test_an_act_is_opened_item_by_item(cast: Cast) -> None:
    browser = signed_in(cast.office)
    batch = browser.get("/record/").context["rows"][0]["event"].batch
    assert browser.get(f"/record/?batch={batch}").context["opened"]


def test_outsider_sees_nothing_of_it(cast: Cast) -> None:
    page = signed_in(cast.outsider).get("/record/").content.decode()
    assert "登记任务" not in page
    assert "方静宜" not in page


@pytest.mark.parametrize(
    "query", ["?batch=x", "?object=99999999999999999999", "?kind=%00", "?page=-1", "?page=abc"]
)
def test_wrong_addresses_are_answered(cast: Cast, query: str) -> None:
    assert signed_in(cast.office).get(f"/record/{query}").status_code in (200, 400, 404, 422)
