"""The access table of plans: by the API, and as pages."""

from typing import Any

from tests.api.page_rows import Row, one

SEEN = "401 404 200 200 200 401"
UNSEEN = "401 404 404 200 200 401"
ANYBODY = "401 200 200 200 200 401"
SEEN_OFFICE = "401 404 403 403 200 401"
SEEN_OFFICE_MADE = "401 404 403 403 201 401"
OFFICE = "401 404 404 403 200 401"
OFFICE_MADE = "401 404 404 403 201 401"
#: Seen, but nobody of these is of the leading group, or was the asker.
SEEN_NOBODY = "401 404 403 403 403 401"
NOBODY = "401 404 404 403 403 401"

WHY = {"reason": "专家评审推迟"}
NEEDS = {"rows": [{"kind": "ledger", "title": "台账", "proves": "result"}], "revision": 3}
POINTS = {"rows": [{"title": "样表", "due_on": "2026-12-01"}], "revision": 1}
AROUND = {"rows": [{"scope": "全区", "found": 1, "fixed": 1}], "revision": 1}
LETTER = {"body": "市局", "matter": "复核", "sent_on": "2026-11-02", "reply_due_on": "2026-12-02"}
REPLY = {"replied_on": "2026-11-20", "reply": "同意"}
COUNTED = {"form": "second", "persons": 2, "decided_on": "2026-11-03", "recovered": "1200.50"}
DECIDED = {"agreed": True, "revision": 1}


def at(name: str, value: str) -> dict[str, str]:
    """Return a parameter that names an object of the world under another name."""
    return {f"{name}_id": f"{value}_id"}


def made(name: str, args: dict[str, Any], expect: str, body: Any = None) -> Row:
    """Return the row of a call that writes."""
    return Row(name, "post", args, expect, body)


PLAN_API = (
    Row("list_checklists", "get", {}, ANYBODY),
    Row("get_plan_of_inspection", "get", at("inspection", "planned_inspection"), SEEN),
    Row("get_plan_of_inspection", "get", at("inspection", "approved_inspection"), SEEN),
    made("begin_plan", one("inspection"), SEEN_OFFICE_MADE, {"title": "整改方案"}),
    Row("get_plan", "get", one("plan"), SEEN),
    made("send_plan", one("plan"), SEEN_OFFICE, {"to": "review", "revision": 2}),
    made("approve_plan", one("plan"), SEEN_NOBODY, {"meeting": "第1次会议", "revision": 2}),
    made("withdraw_plan", one("plan"), SEEN_OFFICE, {**WHY, "revision": 2}),
    Row("get_plan_difference", "get", {**one("plan"), "other_id": "plan_id"}, SEEN),
    Row("get_plan_file", "get", {**one("plan"), "suffix": "'docx"}, UNSEEN),
    Row("get_plan_file", "get", {**at("plan", "approved_plan"), "suffix": "'xlsx"}, UNSEEN),
    Row("list_opinions", "get", one("plan"), SEEN),
    made("give_opinion", one("plan"), SEEN_OFFICE_MADE, {"body": "市委巡察办", "text": "同意"}),
    made("preview_opinions", one("plan"), "401 404 404 403 422 401", "multipart:sheet"),
    made("commit_opinions", one("plan"), "401 404 404 422 422 401", {"carried": "x"}),
    made("answer_opinion", one("opinion"), OFFICE, {"answer": "adopted"}),
    made("withdraw_opinion", one("opinion"), OFFICE, WHY),
    Row("get_problem_plan", "get", one("problem"), UNSEEN),
    Row("set_cause", "put", one("problem"), OFFICE, {"cause": "底数不清", "revision": 1}),
    Row("set_look_around", "put", one("problem"), OFFICE, AROUND),
    Row("get_task_plan", "get", one("task"), UNSEEN),
    Row("set_needs", "put", one("task"), OFFICE, {**NEEDS, "revision": 1}),
    Row("set_needs", "put", at("task", "approved_task"), "401 404 403 403 403 401", NEEDS),
    made("add_usual_needs", one("task"), "401 404 404 422 422 401", {"revision": 1}),
    Row("set_milestones", "put", one("task"), OFFICE, POINTS),
    Row("set_joint_units", "put", one("task"), OFFICE, {"unit_ids": ["parent_id"]}),
    made("reach_milestone", one("milestone"), OFFICE, {"done_on": "2026-11-20"}),
    made("begin_wait", one("task"), OFFICE_MADE, LETTER),
    made("reply_wait", one("wait"), OFFICE, REPLY),
    made("withdraw_wait", one("wait"), OFFICE, WHY),
    Row("list_changes", "get", {}, ANYBODY),
    Row("get_change", "get", one("change"), UNSEEN),
    made("ask_extension", at("task", "approved_task"), SEEN_OFFICE_MADE, {**WHY, "due_on": "2027-03-31"}),
    made("ask_task_change", at("task", "approved_task"), SEEN_OFFICE_MADE, {**WHY, "leader": "陆遥"}),
    made("ask_task_withdrawal", at("task", "approved_task"), SEEN_OFFICE_MADE, WHY),
    made("ask_cause", at("problem", "approved_problem"), OFFICE_MADE, {**WHY, "cause": "底数不清"}),
    made(
        "ask_addition",
        at("problem", "approved_problem"),
        OFFICE_MADE,
        {**WHY, "number": "q9", "title": "抽查"},
    ),
    made("decide_change", one("change"), NOBODY, DECIDED),
    Row("list_uses", "get", one("institution"), UNSEEN),
    made("add_use", one("institution"), OFFICE_MADE, {"done_on": "2026-11-02", "text": "抽查20户"}),
    made("withdraw_use", one("use"), OFFICE, WHY),
    Row("list_accountability", "get", at("inspection", "approved_inspection"), SEEN_OFFICE),
    made("add_accountability", at("inspection", "approved_inspection"), SEEN_OFFICE_MADE, COUNTED),
    Row("edit_accountability", "patch", at("row", "entry"), SEEN_OFFICE, {"persons": 4, "revision": 1}),
    made("withdraw_accountability", at("row", "entry"), SEEN_OFFICE, WHY),
    made("take_back_change", one("change"), OFFICE),
)
