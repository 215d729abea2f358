"""The access table of closure: who sees a task may ask for its steps, who has not the role is told so."""

from tests.api.page_rows import Row, one

# nobody, outsider, department, reader, office, disabled
UNSEEN = "401 404 404 403 403 401"
SEEN = "401 404 403 403 403 401"
ANYBODY = "401 200 200 200 200 401"
TASK = {"tasks": ["task_id"]}
OWN = {"tasks": ["own_task_id"]}

CLOSURE = (
    Row("get_route", "get", {}, ANYBODY),
    Row("list_closures", "get", one("task"), "401 404 404 200 200 401"),
    Row("list_closures", "get", {"task_id": "own_task_id"}, "401 404 200 200 200 401"),
    *(Row("take_step", "post", {"step": f"'{step}"}, UNSEEN, TASK) for step in ("claim", "sign", "verify", "close", "accept")),
    Row("take_step", "post", {"step": "'claim"}, SEEN, OWN),
    Row("give_back", "post", {}, UNSEEN, {**TASK, "reason": "other", "measure": "建账"}),
    Row("withdraw_claim", "post", {}, UNSEEN, TASK),
    Row("reopen", "post", {}, UNSEEN, {**TASK, "reason": "mistake", "note": "登记有误"}),
    Row("print_sheet", "post", one("task"), "401 404 404 403 409 401", {"step": "sign"}),
    Row("get_sheet", "get", one("sheet"), "401 404 404 200 200 401"),
    Row("bind_sheet", "post", one("sheet"), "401 404 404 403 409 401", {"upload_id": 1, "signer_id": "person_id", "signed_on": "2026-11-20"}),
    Row("confirm_sheet", "post", one("sheet"), "401 404 404 403 409 401"),
    Row("refuse_sheet", "post", one("sheet"), "401 404 404 403 200 401", {"reason": "打印有误"}),
)  # fmt: skip
