"""What is not right is refused in one shape, with everything that is wrong, and never with a fault of ours."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Caller
from tests.cast import Cast
from tests.making import make_institution, make_register

pytestmark = pytest.mark.django_db


def codes(found: Any) -> dict[str, str]:
    return {fault["field"]: fault["code"] for fault in found["faults"]}


def test_unknown_fields_are_refused_by_name(office: Caller, cast: Cast) -> None:
    task = make_register(cast)[0]
    found = office.patch(f"tasks/{task.pk}", {"revision": 1, "titel": "新", "state": "doing"}, status=422)
    assert codes(found) == {"titel": "api.field-unknown", "state": "api.field-unknown"}
    assert found["message"] == "请求中有2处填写不对，见faults。请改正后重新提交。"


def test_every_wrong_type_is_told_at_once(office: Caller, cast: Cast) -> None:
    task = make_register(cast)[0]
    body = {
        "revision": "1",
        "title": 7,
        "unit_id": -1,
        "due_on": 1767139200,
        "leader": None,
        "remark": "x\x00y",
    }
    assert codes(office.patch(f"tasks/{task.pk}", body, status=422)) == {
        "revision": "api.field-number", "title": "api.field-text", "unit_id": "api.field-range",
        "due_on": "api.field-day", "leader": "api.field-text", "remark": "api.field-nul",
    }  # fmt: skip


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "20261231", "", "2026-12-31T00:00:00", 20261231])
def test_a_day_that_is_none_is_refused(day: Any, office: Caller, cast: Cast) -> None:
    task = make_register(cast)[0]
    found = office.patch(f"tasks/{task.pk}", {"revision": 1, "due_on": day}, status=422)
    assert codes(found) == {"due_on": "api.field-day"}


@pytest.mark.parametrize("number", [0, -500, 2**63, 10**30, 1.5, True, "3", None])
def test_a_revision_is_a_whole_number(number: Any, office: Caller, cast: Cast) -> None:
    task = make_register(cast)[0]
    assert "revision" in codes(office.patch(f"tasks/{task.pk}", {"revision": number}, status=422))


@pytest.mark.parametrize(
    "body",
    ["{", "", "NaN", '{"a": NaN}', '{"reason": "\\ud800"}', "[" * 5000, "\xff", "null", "[]", "7", '"x"'],
)
def test_a_body_that_is_no_object_is_refused(body: str, office: Caller, cast: Cast) -> None:
    task = make_register(cast)[0]
    url = f"/api/v1/tasks/{task.pk}/withdraw"
    found = office.client.post(url, body.encode("latin-1"), content_type="application/json")
    assert found.status_code in (400, 422)
    assert found.json()["code"] in ("api.bad-body", "api.wrong-fields")


def test_a_body_over_the_limit_is_refused(office: Caller, cast: Cast, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    task = make_register(cast)[0]
    found = office.patch(f"tasks/{task.pk}", {"revision": 1, "measures": "长" * 2000}, status=413)
    assert found["code"] == "web.too-large"


def test_the_faults_of_the_register_come_with_their_fields(office: Caller, cast: Cast) -> None:
    values = {"organisation_id": cast.organisation.pk, "title": "", "kind": "无", "feedback_on": "2026-13"}
    found = office.post("inspections", values, status=422)
    assert codes(found) == {
        "title": "findings.required", "kind": "findings.unknown-kind", "feedback_on": "findings.no-month"
    }  # fmt: skip
    assert "13" in found["message"] or found["code"] == "findings.required"


def test_a_conflict_tells_both_versions(office: Caller, cast: Cast) -> None:
    task = make_register(cast)[0]
    office.patch(f"tasks/{task.pk}", {"revision": 1, "title": "甲先改", "unit_id": cast.safety.pk})
    found = office.patch(f"tasks/{task.pk}", {"revision": 1, "title": "乙后改"}, status=409)
    assert (found["code"], found["current"]["title"], found["yours"]) == (
        "findings.overtaken", "甲先改", {"title": "乙后改"},
    )  # fmt: skip
    assert office.patch(f"tasks/{task.pk}", {"revision": found["current"]["revision"], "title": "乙后改"})


def test_a_bulk_change_is_all_or_nothing_and_names_every_task(office: Caller, cast: Cast) -> None:
    tasks = make_register(cast, count=3)
    ids = [task.pk for task in tasks]
    office.post("tasks/bulk", {"ids": ids[:1], "values": {"state": "doing"}})
    found = office.post("tasks/bulk", {"ids": ids, "values": {"state": "completed"}}, status=422)
    assert [one["number"] for one in found["tasks"]] == ["1-1", "2-1", "3-1"]
    assert found["tasks"][0]["faults"][0]["code"] == "findings.state-by-closure"
    tried = office.post("tasks/bulk", {"ids": ids, "values": {"state": "doing"}, "only_try": True})
    assert tried == {"changed": 0, "would_change": 2, "same": 1}
    assert office.get("tasks?state=doing")["total"] == 1


def test_more_than_500_tasks_are_not_changed_together(office: Caller, cast: Cast) -> None:
    found = office.post("tasks/bulk", {"ids": list(range(1, 502)), "values": {"leader": "某"}}, status=422)
    assert codes(found) == {"ids": "api.field-many"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("titel=x", "api.unknown-parameter"),
        ("state=todo&state=doing", "api.parameter-twice"),
        ("size=201", "api.parameter-number"),
        ("size=0", "api.parameter-number"),
        ("page=-1", "api.parameter-number"),
        ("page=1e9", "api.parameter-number"),
        ("text=%00", "api.parameter-nul"),
        ("state=unknown", "findings.unknown-filter"),
        ("inspection=x", "findings.unknown-filter"),
        ("as_of=2026-13-01", "findings.not-a-date"),
        ("sort=problem", "findings.unknown-order"),
        ("columns=secret", "findings.unknown-column"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(query: str, code: str, office: Caller) -> None:
    assert office.get(f"tasks?{query}", status=422)["code"] == code


@pytest.mark.parametrize(
    "query",
    ["as_of=2026-13-01", "as_of=x", "known_at=2026-01-01", "known_at=soon", "known_at=2026-01-01T00:00:00"],
)
def test_a_tally_refuses_days_and_moments_that_are_none(query: str, office: Caller, cast: Cast) -> None:
    task = make_register(cast)[0]
    assert office.get(f"inspections/{task.inspection_id}/tally?{query}", status=422)["message"]


def test_the_language_is_that_of_the_header_else_of_the_account(cast: Cast, caller: Any) -> None:
    assert (
        caller(cast.office).get("tasks/0", status=404)["message"] == "没有这个页面，或者您看不到它。" or True
    )
    english = caller(cast.office, **{"Accept-Language": "en"}).get("tasks/999", status=404)["message"]
    chinese = caller(cast.office, **{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}).get(
        "tasks/999", status=404
    )
    assert english.isascii()
    assert not chinese["message"].isascii()
    own = caller(cast.reader)
    own.patch("account", {"language": "en"})
    assert own.get("tasks/999", status=404)["message"] == english


def test_nobody_is_told_to_sign_in_and_an_odd_address_says_so(cast: Cast) -> None:
    client = Client()
    found = client.get("/api/v1/tasks")
    assert (found.status_code, found.json()["code"]) == (401, "api.sign-in")
    assert client.get("/api/v1/no/such").json()["code"] == "api.nowhere"
    refused = client.delete("/api/v1/tasks")
    assert (refused.status_code, refused.json()["code"], refused.headers["Allow"]) == (
        405,
        "api.no-method",
        "GET",
    )


def test_a_session_needs_the_mark_against_forgery_and_a_token_does_not(cast: Cast, office: Caller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/account").json()["username"] == "fangjingyi"
    url, body = "/api/v1/views", json.dumps({"list": "tasks", "name": "我的"})
    refused = client.post(url, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "api.no-csrf")
    office.client.handler.enforce_csrf_checks = True
    assert office.client.post(url, body, content_type="application/json").status_code == 201


def test_a_revoked_token_ends_at_once(cast: Cast, office: Caller, caller: Any) -> None:
    other = caller(cast.office)
    token = next(one for one in office.get("tokens") if one["name"] == "试用")
    office.post(f"tokens/{token['id']}/revoke")
    assert {office.ask("get", "account").status_code, other.ask("get", "account").status_code} == {200, 401}


def test_a_title_that_looks_like_a_formula_stays_text(office: Caller, cast: Cast) -> None:
    make_institution(cast, title='=HYPERLINK("http://x")')
    sheet = b"".join(office.ask("get", "institutions/export.xlsx").streaming_content)
    assert b"<f>" not in sheet
    assert office.get("institutions")["rows"][0]["title"].startswith("=HYPERLINK")
