"""The access table of the pages: address name → who gets what, with what is sent.

The order is that of `world.ROLES`: nobody, outsider, reader of another department, reader, office, disabled.
"""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """One address: its name, the method, its parameters, what each role gets, and what is sent."""

    name: str
    method: str
    args: dict[str, Any]
    expect: str
    body: Any = None
    query: str = ""


# nobody, outsider, department, reader, office, disabled
OPEN = "200 200 200 200 200 200"
ANYBODY = "302 200 200 200 200 302"
BACK = "302 302 302 302 302 302"
SEEN = "302 404 200 200 200 302"
UNSEEN = "302 404 404 200 200 302"
ORGANISATION = "302 404 404 200 200 302"
OFFICE = "302 404 404 403 200 302"
OFFICE_BACK = "302 404 404 403 302 302"
SEEN_OFFICE = "302 404 403 403 200 302"
OWN = "302 404 404 404 302 302"
SOMEWHERE = "302 200 403 403 200 302"


def pk(name: str) -> dict[str, str]:
    """Return the parameters of an address that takes one `pk`."""
    return {"pk": f"{name}_id"}


def one(name: str) -> dict[str, str]:
    """Return the parameters of an address that takes one id under its own name."""
    return {f"{name}_id": f"{name}_id"}


REASON = {"reason": "登记有误"}
DRAFT = {"revision": "1"}

PAGES = (
    Row("web:help", "get", {}, OPEN),
    Row("web:language", "get", {"code": "'en"}, BACK),
    Row("web:large", "get", {}, BACK),
    Row("insight:home", "get", {}, ANYBODY),
    Row("orgs:sign-in", "get", {}, OPEN),
    Row("orgs:sign-out", "post", {}, BACK),
    Row("orgs:first", "get", {}, "404 404 404 404 404 404"),
    Row("orgs:code", "get", {}, OPEN),
    Row("orgs:forgot", "get", {}, OPEN),
    Row("orgs:account", "get", {}, ANYBODY),
    Row("orgs:password", "get", {}, ANYBODY),
    Row("orgs:two-step", "get", {}, ANYBODY),
    Row("orgs:two-step-off", "get", {}, ANYBODY),
    Row("orgs:end-sessions", "post", {}, BACK),
    Row("orgs:end-session", "post", one("session"), "302 404 404 404 404 302"),
    Row("orgs:add-token", "get", {}, ANYBODY),
    Row("orgs:revoke-token", "post", one("token"), OWN),
    Row("orgs:units", "get", {}, ANYBODY),
    Row("orgs:unit", "get", one("unit"), UNSEEN),
    Row("orgs:add-unit", "get", one("unit"), OFFICE),
    Row("orgs:edit-unit", "get", one("unit"), OFFICE),
    Row("orgs:move-unit", "get", one("unit"), OFFICE),
    Row("orgs:close-unit", "get", one("unit"), OFFICE),
    Row("orgs:reopen-unit", "get", one("unit"), OFFICE),
    Row("orgs:add-person", "get", one("unit"), OFFICE),
    Row("orgs:order-posts", "get", one("unit"), OFFICE),
    Row("orgs:people", "get", {}, ANYBODY),
    Row("orgs:person", "get", one("person"), UNSEEN),
    Row("orgs:edit-person", "get", one("person"), OFFICE),
    Row("orgs:add-post", "get", one("person"), OFFICE),
    Row("orgs:disable-person", "get", one("person"), OFFICE),
    Row("orgs:enable-person", "get", one("person"), OFFICE),
    Row("orgs:reset-person", "get", one("person"), OFFICE),
    Row("orgs:end-post", "get", one("post"), OFFICE),
    Row("orgs:add-grant", "get", one("post"), OFFICE),
    Row("orgs:end-grant", "get", one("grant"), OFFICE),
    Row("documents:import", "get", {}, SOMEWHERE),
    Row("documents:file", "get", one("document"), ORGANISATION),
    Row("documents:check", "get", one("document"), ORGANISATION),
    Row("documents:check-docx", "get", one("document"), ORGANISATION),
    Row("documents:drop", "post", one("draft"), OFFICE_BACK),
    Row("documents:export", "get", {**one("draft"), "what": "'breakdown"}, OFFICE),
    Row("documents:draft", "get", one("draft"), OFFICE),
    Row("documents:node", "get", {**one("draft"), "node_id": "'n1"}, OFFICE),
    Row("documents:choose", "post", one("draft"), OFFICE_BACK, DRAFT),
    Row("documents:target", "post", one("draft"), "302 404 404 403 404 302", {**DRAFT, "inspection": "1"}),
    Row("documents:read-again", "post", one("draft"), OFFICE_BACK, {**DRAFT, "mode": "archive"}),
    Row("documents:register", "post", one("draft"), OFFICE_BACK, DRAFT),
    Row("documents:withdraw", "get", {"draft_id": "registered_draft_id"}, OFFICE),
    Row("findings:tasks", "get", {}, ANYBODY),
    Row("findings:problems", "get", {}, ANYBODY),
    Row("findings:responsibilities", "get", {}, ANYBODY),
    Row("findings:institutions", "get", {}, ANYBODY),
    Row("findings:inspections", "get", {}, ANYBODY),
    Row("findings:columns", "get", {"name": "'tasks"}, BACK),
    Row("findings:save-view", "post", {"name": "'tasks"}, BACK, {"name": "我的"}),
    Row("findings:export", "get", {"name": "'tasks", "suffix": "'xlsx"}, ANYBODY),
    Row("findings:drop-view", "post", one("view"), OWN),
    Row("findings:new-inspection", "get", {}, SOMEWHERE),
    Row("findings:inspection", "get", pk("inspection"), SEEN),
    Row("findings:edit-inspection", "get", pk("inspection"), SEEN_OFFICE),
    Row("findings:new-finding", "get", pk("inspection"), SEEN_OFFICE),
    Row("findings:finding", "get", pk("finding"), SEEN),
    Row("findings:edit-finding", "get", pk("finding"), SEEN_OFFICE),
    Row("findings:new-problem", "get", pk("finding"), SEEN_OFFICE),
    Row("findings:problem", "get", pk("problem"), UNSEEN),
    Row("findings:edit-problem", "get", pk("problem"), OFFICE),
    Row("findings:new-task", "get", pk("problem"), OFFICE),
    Row("findings:task", "get", pk("task"), UNSEEN),
    Row("findings:task", "get", pk("own_task"), SEEN),
    Row("findings:edit-task", "get", pk("task"), OFFICE),
    Row("findings:edit-task", "get", pk("own_task"), SEEN_OFFICE),
    Row("findings:set-state", "post", pk("task"), OFFICE_BACK, {"state": "doing", "revision": "1"}),
    Row("findings:new-step", "get", pk("task"), OFFICE),
    Row("findings:edit-step", "get", pk("step"), OFFICE),
    Row("findings:new-institution", "get", {}, SOMEWHERE),
    Row("findings:institution", "get", pk("institution"), UNSEEN),
    Row("findings:edit-institution", "get", pk("institution"), OFFICE),
    Row("findings:withdraw", "get", {"kind": "'task", **pk("task")}, OFFICE),
    Row("findings:bulk", "post", {}, OFFICE, {"id": "task_id"}),
    Row("findings:import-back", "get", {}, SOMEWHERE),
    Row("notices:list", "get", {}, ANYBODY),
    Row("notices:write", "get", one("inspection"), SEEN_OFFICE),
    Row("notices:notice", "get", one("notice"), ORGANISATION),
    Row("notices:withdraw", "post", one("notice"), OFFICE_BACK, REASON),
    Row("notices:file", "get", {**one("notice"), "suffix": "'docx"}, ORGANISATION),
    Row("search:search", "get", {}, ANYBODY, query="q=台账"),
    Row("search:search", "get", {}, ANYBODY, query="q=江澜"),
    Row("search:search", "get", {}, ANYBODY, query="q=白石渡"),
    Row("audit:record", "get", {}, ANYBODY),
    Row("audit:record", "get", {}, ANYBODY, query="kind=task"),
    Row("insight:calendar", "get", {}, ANYBODY),
    Row("insight:make-feed", "post", {}, ANYBODY),
    Row("insight:end-feed", "post", {}, BACK),
    Row("insight:feed", "get", {}, "404 404 404 404 404 404", query="key=bh_1"),
    Row("notify:list", "get", {}, ANYBODY),
    Row("notify:list", "get", {}, ANYBODY, query="unread=1"),
    Row("notify:read", "post", {}, BACK),
    Row("notify:go", "post", one("notification"), OWN),
    Row("notify:wishes", "get", {}, ANYBODY),
    Row("notify:robots", "get", {}, SOMEWHERE),
    Row("notify:add-robot", "get", {}, SOMEWHERE),
    Row("notify:edit-robot", "get", one("robot"), OFFICE),
    Row("notify:try-robot", "post", one("robot"), OFFICE_BACK),
    Row("notify:switch-robot", "post", one("robot"), OFFICE_BACK, {"active": "0"}),
    Row("jobs:health", "get", {}, SOMEWHERE),
    Row("jobs:again", "post", one("job"), "302 302 403 403 302 302"),
)
