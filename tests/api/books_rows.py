"""The access table of progress and workbooks: pages and operations; the order is that of `world.ROLES`."""

from tests.api.api_rows import ANYBODY, SEEN, SEEN_OFFICE, SEEN_OFFICE_MADE, UNSEEN, WHY
from tests.api.page_rows import ANYBODY as PAGE_ANYBODY
from tests.api.page_rows import ORGANISATION, Row, one, pk
from tests.api.page_rows import SEEN_OFFICE as PAGE_SEEN_OFFICE

OWN_TASK = {"task_id": "own_task_id"}
INSPECTION = one("inspection")
PERIOD = "period=2026年11月"
#: Seen, and the office's to do; the page it leads to is another.
DONE = "302 404 403 403 302 302"
CARRIED = {"carried": "x"}

API: tuple[Row, ...] = (
    Row("list_unit_tasks", "get", {}, ANYBODY),
    Row("list_progress", "get", OWN_TASK, SEEN),
    Row("add_progress", "post", OWN_TASK, SEEN_OFFICE_MADE, {"unchanged": True}),
    Row(
        "add_progress_of_many",
        "post",
        {},
        "401 404 404 403 201 401",
        {"unchanged": True, "tasks": ["task_id"]},
    ),
    Row("withdraw_progress", "post", one("report"), SEEN_OFFICE, WHY),
    Row("list_workbooks", "get", INSPECTION, SEEN_OFFICE),
    Row("make_workbooks", "post", INSPECTION, SEEN_OFFICE_MADE, {"period": "12月"}),
    Row("withdraw_workbooks", "post", INSPECTION, SEEN_OFFICE, {"period": "2026年11月", **WHY}),
    Row("get_workbooks", "get", INSPECTION, SEEN_OFFICE, query=PERIOD),
    Row("get_workbook_file", "get", one("workbook"), UNSEEN),
    Row("read_returned", "post", INSPECTION, SEEN_OFFICE, "multipart:books"),
    Row("commit_returned", "post", INSPECTION, "401 404 403 403 422 401", CARRIED),
)
PAGES: tuple[Row, ...] = (
    Row("findings:books", "get", {}, PAGE_ANYBODY),
    Row("findings:books", "get", {}, PAGE_ANYBODY, query="show=late"),
    Row("findings:unit-tasks", "get", {}, PAGE_ANYBODY),
    Row("findings:unit-tasks", "post", {}, "302 404 404 403 302 302", {"tasks": "task_id"}),
    Row("findings:progress", "get", {"pk": "own_task_id"}, PAGE_SEEN_OFFICE),
    Row("findings:progress", "post", {"pk": "own_task_id"}, DONE, {"unchanged": "1"}),
    Row("findings:withdraw-report", "get", pk("report"), PAGE_SEEN_OFFICE),
    Row("findings:workbooks", "get", pk("inspection"), PAGE_SEEN_OFFICE),
    Row("findings:workbooks", "post", pk("inspection"), DONE, {"period": "12月"}),
    Row("findings:workbook-pack", "get", pk("inspection"), PAGE_SEEN_OFFICE, query=PERIOD),
    Row("findings:returned-workbooks", "post", pk("inspection"), "302 404 403 403 422 302", CARRIED),
    Row("findings:withdraw-workbooks", "get", pk("inspection"), PAGE_SEEN_OFFICE, query=PERIOD),
    Row("findings:workbook-file", "get", pk("workbook"), ORGANISATION),
)
