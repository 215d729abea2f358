"""What apps above add to a page below: in their order, once a name, nothing when there is nothing to show."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory

from bihuan.web import contributed
from bihuan.web.contributed import Part, contribute, parts_of


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contributed, "_MAKERS", {"page": {}, "empty": {}})


def showing(state: str) -> Any:
    def maker(_request: HttpRequest, row: Any) -> Part | None:
        return Part("web/parts/refusal.html", {"heading": "", "message": f"{state}{row}"}) if row else None

    return maker


def test_parts_stand_in_the_order_in_which_they_were_added_and_a_name_holds_one() -> None:
    request = RequestFactory().get("/")
    contribute("page", "first", showing("旧"))
    contribute("page", "second", showing("乙"))
    contribute("page", "first", showing("甲"))
    assert [part.context["message"] for part in parts_of("page", request, 7)] == ["甲7", "乙7"]
    assert parts_of("page", request, None) == []
    assert parts_of("empty", request, 7) == []


def test_the_page_shows_them_with_their_own_words_escaped() -> None:
    contribute("page", "one", showing("<b>"))
    request = RequestFactory().get("/")
    shown = Template('{% contributed "page" row %}').render(Context({"request": request, "row": 7}))
    assert "&lt;b&gt;7" in shown
    assert Template('{% contributed "empty" row %}').render(Context({"request": request, "row": 7})) == ""
