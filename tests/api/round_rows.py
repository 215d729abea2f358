"""The rows of rounds, superiors' forms and assessments in the access table."""

from tests.api.api_rows import ANYBODY as API_ANYBODY
from tests.api.api_rows import UNSEEN
from tests.api.page_rows import ANYBODY, OFFICE, ORGANISATION, Row, one, pk

# nobody, outsider, department, reader, office, disabled
SUPERVISION = "302 404 404 403 403 302"
API_SUPERVISION = "401 404 404 403 403 401"
WAY = "302 403 403 403 403 302"
ROUND = pk("round")
ITEM = {"pk": "round_item_id"}
GONE = "302 404 404 404 404 302"
SEES_INSPECTION = "401 404 403 403 403 401"
API_GONE = "401 404 404 404 404 401"
FULL = {"kind": "full", "title": "督查", "starts_on": "2026-11-23", "ends_on": "2026-11-24"}

PAGES = (
    Row("oversight:rounds", "get", {}, ANYBODY),
    Row("oversight:new-round", "get", {}, WAY),
    Row("oversight:round", "get", ROUND, ORGANISATION),
    Row("oversight:round", "get", pk("prepared_round"), ORGANISATION),
    Row("oversight:edit-round", "get", pk("prepared_round"), SUPERVISION),
    Row("oversight:round-freeze", "post", pk("prepared_round"), SUPERVISION),
    Row("oversight:round-draw", "post", ROUND, SUPERVISION),
    Row("oversight:round-confirm", "post", ROUND, SUPERVISION),
    Row("oversight:round-report", "post", ROUND, SUPERVISION),
    Row("oversight:round-withdraw", "get", ROUND, SUPERVISION),
    Row("oversight:round-import", "get", ROUND, SUPERVISION),
    Row("oversight:round-list", "get", {**ROUND, "suffix": "'csv"}, ORGANISATION),
    Row("oversight:round-paper", "get", {**ROUND, "name": "'sheet", "suffix": "'docx"}, ORGANISATION),
    Row("oversight:round-paper", "get", {**ROUND, "name": "'sheet", "suffix": "'xlsx"}, ORGANISATION),
    Row("oversight:round-paper", "get", {**ROUND, "name": "'report", "suffix": "'docx"}, GONE),
    Row("oversight:round-item", "get", ITEM, ORGANISATION),
    Row("oversight:round-item", "post", ITEM, SUPERVISION),
    Row("oversight:round-photo", "get", pk("check"), ORGANISATION),
    Row("oversight:round-reopen", "post", pk("check"), SUPERVISION),
    Row("oversight:forms", "get", {}, ANYBODY),
    Row("oversight:form", "get", pk("form"), ORGANISATION),
    Row("oversight:form-file", "get", pk("form"), ORGANISATION),
    Row("oversight:form-fill", "get", pk("form"), GONE, query="of=0"),
    Row("oversight:form-withdraw", "get", pk("form"), OFFICE),
    Row("oversight:assessments", "get", {}, ANYBODY),
    Row("oversight:assessment", "get", pk("assessment"), ORGANISATION),
    Row("oversight:assessment", "post", pk("assessment"), SUPERVISION),
    Row("oversight:assessment-rows", "get", {**pk("assessment"), "fact": "'tasks"}, ORGANISATION),
    Row("oversight:assessment-conclude", "post", pk("assessment"), SUPERVISION),
    Row("oversight:assessment-file", "get", {**pk("assessment"), "suffix": "'xlsx"}, ORGANISATION),
)

API = (
    Row("list_rounds", "get", {}, API_ANYBODY),
    Row("create_round", "post", one("inspection"), SEES_INSPECTION, FULL),
    Row("get_round", "get", one("round"), UNSEEN),
    Row(
        "edit_round",
        "patch",
        {"round_id": "prepared_round_id"},
        API_SUPERVISION,
        {"revision": 1, "title": "改名"},
    ),
    Row("freeze_round", "post", {"round_id": "prepared_round_id"}, API_SUPERVISION),
    Row("get_round_list", "get", one("round"), UNSEEN),
    Row("draw_round", "post", one("round"), API_SUPERVISION, {"agreed": "3-5-1", "size": 1}),
    Row("record_checks", "post", one("round"), API_SUPERVISION, {"checks": []}),
    Row("confirm_checks", "post", one("round"), API_SUPERVISION, {"ids": []}),
    Row("reopen_failed", "post", one("check"), API_SUPERVISION, {"note": "又断了"}),
    Row("report_round", "post", one("round"), API_SUPERVISION, {"conclusion": "总体落实。"}),
    Row("get_round_paper", "get", {**one("round"), "name": "'sheet", "suffix": "'docx"}, UNSEEN),
    Row("withdraw_round", "post", one("round"), API_SUPERVISION, {"reason": "登记有误"}),
    Row(
        "begin_assessment",
        "post",
        one("inspection"),
        SEES_INSPECTION,
        {"title": "评估", "as_of": "2026-11-23"},
    ),
    Row("get_assessment", "get", one("assessment"), UNSEEN),
    Row("give_scores", "post", one("assessment"), API_SUPERVISION, {"scores": []}),
    Row("conclude_assessment", "post", one("assessment"), API_SUPERVISION, {"conclusion": "同意。"}),
    Row("fill_form", "get", one("form"), API_GONE, query="of=999999"),
)
