"""The access table of uploads and evidence: pages and operations, who gets what; the order is that of `world.ROLES`."""

from tests.api.api_rows import ANYBODY, MADE, OWN, SEEN, SEEN_OFFICE_MADE, WHY
from tests.api.page_rows import ANYBODY as PAGE_ANYBODY
from tests.api.page_rows import ORGANISATION, SEEN_OFFICE, Row, one, pk
from tests.api.page_rows import SEEN as PAGE_SEEN

OWN_TASK = {"task_id": "own_task_id"}
OWN_PROBLEM = {"problem_id": "own_problem_id"}
TASK_PAGE = {"pk": "own_task_id"}
PROBLEM_PAGE = {"pk": "own_problem_id"}
#: Seen, and the office's to change; what it names is not there.
GONE = "401 404 403 403 404 401"
#: Files of another department are looked for in vain.
NOT_THEIRS = "401 404 404 404 404 401"

API: tuple[Row, ...] = (
    Row("list_uploads", "get", {}, ANYBODY),
    Row("announce_uploads", "post", {}, MADE, {"files": [{"name": "a.pdf", "size": 3}]}),
    Row("get_upload", "get", one("upload"), OWN),
    Row("send_upload", "patch", one("upload"), "401 404 404 404 422 401"),
    Row("give_up_upload", "delete", one("upload"), OWN),
    Row("list_evidence", "get", {}, ANYBODY),
    Row("list_task_evidence", "get", OWN_TASK, SEEN),
    Row("add_evidence", "post", OWN_TASK, GONE, {"uploads": [999999]}),
    Row("add_not_kept", "post", OWN_TASK, SEEN_OFFICE_MADE, {"statement": "当时没有。"}),
    Row(
        "sort_evidence",
        "post",
        OWN_TASK,
        "401 404 403 403 200 401",
        {"ids": ["evidence_id"], "kind": "ledger"},
    ),
    Row("get_evidence_files", "get", OWN_TASK, SEEN),
    Row("get_evidence", "get", one("evidence"), SEEN),
    Row("get_evidence_file", "get", one("evidence"), SEEN),
    Row("get_evidence_page", "get", {**one("evidence"), "number": "'1"}, NOT_THEIRS),
    Row("revise_evidence", "post", one("evidence"), GONE, {"upload": 999999}),
    Row("withdraw_evidence", "post", one("evidence"), "401 404 403 403 200 401", WHY),
    Row("get_binder", "get", OWN_PROBLEM, SEEN),
    Row("read_opinions", "post", OWN_PROBLEM, "401 404 403 403 200 401", "multipart:sheet"),
    Row(
        "commit_opinions",
        "post",
        OWN_PROBLEM,
        "401 404 403 403 403 401",
        {"carried": "x", "given_on": "2026-11-20"},
    ),
)
PAGES: tuple[Row, ...] = (
    Row("findings:all-evidence", "get", {}, PAGE_ANYBODY),
    Row("findings:evidence", "get", TASK_PAGE, PAGE_SEEN),
    Row("findings:evidence", "get", pk("task"), ORGANISATION),
    Row("findings:evidence-add", "get", TASK_PAGE, SEEN_OFFICE),
    Row("findings:evidence-add", "post", TASK_PAGE, "302 404 403 403 422 302", {"kind": "document"}),
    Row("findings:evidence-not-kept", "get", TASK_PAGE, SEEN_OFFICE),
    Row("findings:evidence-files", "get", TASK_PAGE, PAGE_SEEN),
    Row("findings:problem-evidence", "get", PROBLEM_PAGE, PAGE_SEEN),
    Row("findings:binder", "get", PROBLEM_PAGE, PAGE_SEEN),
    Row("findings:opinions", "get", PROBLEM_PAGE, SEEN_OFFICE),
    Row("findings:evidence-piece", "get", pk("evidence"), PAGE_SEEN),
    Row("findings:evidence-file", "get", pk("evidence"), PAGE_SEEN),
    Row("findings:evidence-page", "get", {**pk("evidence"), "number": "'1"}, "302 404 404 404 404 302"),
    Row("findings:evidence-edit", "get", pk("evidence"), SEEN_OFFICE),
    Row("findings:evidence-revise", "get", pk("evidence"), SEEN_OFFICE),
    Row("findings:evidence-withdraw", "get", pk("evidence"), SEEN_OFFICE),
)
