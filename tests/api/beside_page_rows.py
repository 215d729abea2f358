"""The access table of the pages beside closure: the page for whoever sees the object, each form as its action says."""

from tests.api.page_rows import REASON, SEEN, UNSEEN, Row, pk

# nobody, outsider, department, reader, office, disabled
TOLD = "302 404 404 403 403 302"
OFFICE_FORM = "302 404 404 403 200 302"
OFFICE_DONE = "302 404 404 403 302 302"
NOTHING = "302 404 404 404 404 302"
SAID = {"text": "请补签字页。"}


def on(kind: str, name: str) -> dict[str, str]:
    """Return the parameters of the remarks on an object."""
    return {"kind": f"'{kind}", "pk": f"{name}_id"}


PAGES = (
    Row("findings:problem-beside", "get", pk("problem"), UNSEEN),
    Row("findings:problem-beside", "get", {"pk": "own_problem_id"}, SEEN),
    Row("findings:task-beside", "get", pk("task"), UNSEEN),
    Row("findings:task-beside", "get", {"pk": "own_task_id"}, SEEN),
    Row("findings:new-blocker", "get", pk("problem"), TOLD),
    Row("findings:new-blocker", "post", pk("problem"), TOLD, REASON),
    Row("findings:lift-blocker", "get", pk("blocker"), TOLD),
    Row("findings:lift-blocker", "post", pk("blocker"), TOLD, REASON),
    Row("findings:new-dispute", "get", pk("problem"), OFFICE_FORM),
    Row("findings:new-dispute", "post", pk("problem"), "302 404 404 403 409 302", {"ground": "不属本单位"}),
    Row("findings:rule-dispute", "get", pk("dispute"), OFFICE_FORM),
    Row("findings:rule-dispute", "post", pk("dispute"), TOLD, {"ruling": "upheld", "text": "属实"}),
    Row("findings:ruling-file", "get", pk("dispute"), NOTHING),
    Row("findings:new-recusal", "get", pk("task"), UNSEEN),
    Row("findings:new-recusal", "post", pk("task"), "302 404 404 422 302 302", {"person_id": "person_id", "reason": "曾任职"}),
    Row("findings:end-recusal", "get", pk("recusal"), TOLD),
    Row("findings:end-recusal", "post", pk("recusal"), TOLD, REASON),
    Row("findings:new-recipients", "get", pk("task"), OFFICE_FORM),
    Row("findings:new-recipients", "post", pk("task"), OFFICE_DONE, {"people": "甲户，13800000000，押金，1200"}),
    Row("findings:draw-recipients", "get", pk("task"), TOLD),
    Row("findings:draw-recipients", "post", pk("task"), TOLD, {"size": "1", "seed": "35162"}),
    Row("findings:answer-recipient", "get", pk("recipient"), TOLD),
    Row("findings:answer-recipient", "post", pk("recipient"), TOLD, {"confirmed": "yes", "how": "phone"}),
    Row("findings:strike-recipient", "get", pk("recipient"), OFFICE_FORM),
    Row("findings:strike-recipient", "post", pk("recipient"), OFFICE_DONE, REASON),
    Row("findings:new-review", "get", pk("task"), OFFICE_FORM),
    Row("findings:new-review", "post", pk("task"), TOLD, {"text": "正常", "next_on": "2027-01-01"}),
    *(
        Row("oversight:remarks", "get", on(kind, name), UNSEEN)
        for kind, name in (("task", "task"), ("meeting", "meeting"), ("letter", "letter"), ("round", "round"))
    ),
    Row("oversight:remarks", "get", on("evidence", "evidence"), SEEN),
    Row("oversight:remarks", "get", on("person", "person"), NOTHING),
    Row("oversight:remarks", "post", on("task", "task"), "302 404 404 302 302 302", SAID),
    Row("oversight:remarks", "post", on("letter", "letter"), "302 404 404 302 302 302", SAID),
    Row("oversight:withdraw-remark", "post", pk("comment"), TOLD),
)  # fmt: skip
