"""The access table of the pages of closure: who sees a task is told why he may not; who does not, finds nothing."""

from tests.api.page_rows import ANYBODY, BACK, UNSEEN, Row, pk

# nobody, outsider, department, reader, office, disabled
TOLD = "302 404 404 403 403 302"
TOLD_OWN = "302 404 403 403 403 302"
NOTHING = "302 404 404 404 404 302"
OWN = {"pk": "own_task_id"}
SIGN = {"step": "'sign"}

PAGES = (
    *(
        Row(f"findings:closure-{way}", method, args, expect)
        for way in ("claim", "return", "withdraw", "reopen")
        for method in ("get", "post")
        for args, expect in ((pk("task"), TOLD), (OWN, TOLD_OWN))
    ),
    Row("findings:closure-step", "get", pk("task") | SIGN, UNSEEN),
    Row("findings:closure-step", "post", pk("task") | SIGN, TOLD, {"decision": "pass"}),
    Row("findings:closure-step", "post", OWN | SIGN, TOLD_OWN, {"decision": "return", "reason": "other", "measure": "建账"}),
    Row("findings:closure-queue", "get", SIGN, BACK),
    Row("findings:closure-together", "post", {}, TOLD, {"id": "task_id", "take": "sign", "do": "save"}),
    Row("findings:closure-together", "post", {}, TOLD_OWN, {"id": "own_task_id", "take": "close", "do": "save"}),
    Row("findings:closure-together", "post", {}, UNSEEN, {"id": "task_id", "take": "sign"}),
    Row("findings:sheet-print", "post", pk("task") | SIGN, "302 404 404 403 409 302"),
    Row("findings:sheets", "get", {}, ANYBODY),
    Row("findings:sheet-code", "get", {"code": "'WORLD2345678"}, "302 404 404 302 302 302"),
    Row("findings:sheet", "get", pk("sheet"), UNSEEN),
    Row("findings:sheet-file", "get", pk("sheet") | {"suffix": "'txt"}, "302 404 404 409 409 302"),
    Row("findings:sheet-bind", "get", pk("sheet"), "302 404 404 403 200 302"),
    Row("findings:sheet-bind", "post", pk("sheet"), "302 404 404 403 422 302"),
    Row("findings:sheet-confirm", "get", pk("sheet"), "302 404 404 403 200 302"),
    Row("findings:sheet-confirm", "post", pk("sheet"), "302 404 404 403 409 302"),
    Row("findings:sheet-scan", "get", pk("sheet"), NOTHING),
    Row("findings:sheet-scan-page", "get", pk("sheet") | {"number": "'1"}, NOTHING),
    Row("findings:sheet-refuse", "post", pk("sheet"), "302 404 404 403 302 302", {"note": "打印有误"}),
)  # fmt: skip
