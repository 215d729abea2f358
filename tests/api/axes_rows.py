"""The access table of what stands beside closure."""

from tests.api.page_rows import Row, one

# nobody, outsider, department, reader, office, disabled
SEEN = "401 404 404 200 200 401"
REFUSED = "401 404 404 403 403 401"
OFFICE = "401 404 404 403 200 401"
OFFICE_MADE = "401 404 404 403 201 401"
WHY = {"reason": "登记有误"}

AXES = (
    Row("list_blockers", "get", one("problem"), SEEN),
    Row("raise_blocker", "post", one("problem"), REFUSED, WHY),
    Row("lift_blocker", "post", one("blocker"), REFUSED, WHY),
    Row("list_disputes", "get", one("problem"), SEEN),
    Row("raise_dispute", "post", one("problem"), "401 404 404 403 409 401", {"ground": "不属本单位"}),
    Row("rule_dispute", "post", one("dispute"), REFUSED, {"ruling": "upheld", "text": "属实"}),
    Row("list_recusals", "get", one("task"), SEEN),
    Row("recuse", "post", {}, OFFICE_MADE, {"tasks": ["task_id"], "person_id": "person_id", "reason": "曾任职"}),
    Row("withdraw_recusal", "post", one("recusal"), REFUSED, WHY),
    Row("list_recipients", "get", one("task"), OFFICE),
    Row("add_recipients", "post", one("task"), OFFICE_MADE, {"people": [{"name": "甲户"}]}),
    Row("draw_recipients", "post", one("task"), REFUSED, {"size": 1, "seed": "35162"}),
    Row("answer_recipient", "post", one("recipient"), REFUSED, {"confirmed": True, "how": "phone"}),
    Row("withdraw_recipient", "post", one("recipient"), OFFICE, WHY),
    Row("list_reviews", "get", one("task"), SEEN),
    Row("add_review", "post", one("task"), REFUSED, {"text": "正常", "next_on": "2027-01-01"}),
    Row("list_comments", "get", {}, "401 404 404 404 404 401"),
    Row("add_comment", "post", {"kind": "'task", "object_id": "task_id"}, "401 404 404 201 201 401", {"text": "已阅"}),
    Row("withdraw_comment", "post", one("comment"), "401 404 404 403 403 401"),
)  # fmt: skip
