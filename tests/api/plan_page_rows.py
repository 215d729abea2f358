"""The access table of the pages of plans."""

from tests.api.page_rows import ANYBODY, Row, pk

SEEN = "302 404 200 200 200 302"
UNSEEN = "302 404 404 200 200 302"
OFFICE = "302 404 404 403 200 302"
SEEN_OFFICE = "302 404 403 403 200 302"
BACK = "302 404 403 403 302 302"
SEEN_NOBODY = "302 404 403 403 403 302"
NOBODY = "302 404 404 403 403 302"


def at(name: str) -> dict[str, str]:
    """Return the parameter `pk` that names an object of the world."""
    return {"pk": f"{name}_id"}


PLAN_PAGES = (
    Row("findings:plans", "get", {}, ANYBODY),
    Row("findings:plans", "get", {}, ANYBODY, query="state=review"),
    Row("findings:plan", "get", at("planned_inspection"), SEEN),
    Row("findings:plan", "get", at("approved_inspection"), SEEN),
    Row("findings:plan-begin", "get", pk("inspection"), SEEN_OFFICE),
    Row("findings:plan-version", "get", at("plan"), SEEN),
    Row("findings:plan-version", "get", at("approved_plan"), SEEN),
    Row("findings:plan-file", "get", {**at("plan"), "suffix": "'docx"}, UNSEEN),
    Row("findings:plan-file", "get", {**at("plan"), "suffix": "'xlsx"}, UNSEEN),
    Row("findings:plan-send", "post", {**at("plan"), "to": "'review"}, BACK, {"revision": "2"}),
    Row("findings:plan-approve", "get", at("plan"), SEEN_NOBODY),
    Row("findings:plan-withdraw", "get", at("plan"), SEEN_OFFICE),
    Row("findings:plan-opinion", "get", at("plan"), SEEN_OFFICE),
    Row("findings:plan-opinions-back", "get", at("plan"), OFFICE),
    Row("findings:plan-answer", "get", at("opinion"), OFFICE),
    Row("findings:plan-opinion-withdraw", "get", at("opinion"), OFFICE),
    Row("findings:plan-cause", "get", pk("problem"), OFFICE),
    Row("findings:plan-look-around", "get", pk("problem"), OFFICE),
    Row("findings:plan-addition", "get", at("approved_problem"), OFFICE),
    Row("findings:plan-needs", "get", pk("task"), OFFICE),
    Row("findings:plan-needs", "get", at("approved_task"), SEEN_OFFICE),
    Row("findings:plan-needs-usual", "post", at("own_task"), "302 404 422 422 422 302"),
    Row("findings:plan-milestones", "get", pk("task"), OFFICE),
    Row("findings:plan-joint-units", "get", pk("task"), OFFICE),
    Row("findings:plan-wait", "get", pk("task"), OFFICE),
    Row("findings:plan-extension", "get", at("approved_task"), SEEN_OFFICE),
    Row("findings:plan-edit", "get", at("approved_task"), SEEN_OFFICE),
    Row("findings:plan-withdrawal", "get", at("approved_task"), SEEN_OFFICE),
    Row("findings:plan-milestone", "get", pk("milestone"), OFFICE),
    Row("findings:plan-reply", "get", pk("wait"), OFFICE),
    Row("findings:plan-wait-withdraw", "get", pk("wait"), OFFICE),
    Row("findings:plan-change", "get", pk("change"), UNSEEN),
    Row("findings:plan-decide", "post", pk("change"), NOBODY, {"agreed": "yes", "revision": "1"}),
    Row("findings:plan-take-back", "post", pk("change"), "302 404 404 403 302 302"),
    Row("findings:use-add", "get", pk("institution"), OFFICE),
    Row("findings:use-file", "get", pk("use"), "302 404 404 404 404 302"),
    Row("findings:use-withdraw", "get", pk("use"), OFFICE),
    Row("findings:accountability", "get", at("approved_inspection"), SEEN_OFFICE),
    Row("findings:accountability-add", "get", at("approved_inspection"), SEEN_OFFICE),
    Row("findings:accountability-edit", "get", at("entry"), SEEN_OFFICE),
    Row("findings:accountability-withdraw", "get", at("entry"), SEEN_OFFICE),
)
