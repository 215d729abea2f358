"""The access table of the organisation: who is in charge, delegations, groups, calendar, the directory's sheet."""

from typing import Any

from tests.api.page_rows import Row, one

WHY = {"reason": "核对后更正"}
ENDS = {"ends_on": "2026-11-23"}
HERE = {"unit_id": "organisation_id"}
GRANT = {"grant_id": "leader_grant_id"}
RULE = {"number": 20, "measure": "working_days", "source": "江澜管发〔2026〕9号"}
LENT = {
    "post_id": "deputy_post_id", "unit_id": "unit_id", "starts_on": "2026-12-01", "ends_on": "2026-12-02",
    "reason": "出差",
}  # fmt: skip
THREE = {
    "system_admin": "post_id", "security_admin": "deputy_post_id", "audit_admin": "post_id",
    "starts_on": "2026-12-01",
}  # fmt: skip
DAYS = {"days": [{"day": "2027-02-05", "works": False, "name": "春节"}], "source": "放假通知"}


def named(args: dict[str, str], **more: str) -> dict[str, Any]:
    """Return parameters with some that stand for themselves."""
    return args | {key: f"'{value}" for key, value in more.items()}


SEEN, OFFICE, ANYBODY = "302 404 404 200 200 302", "302 404 404 403 200 302", "302 200 200 200 200 302"

PAGES = (
    Row("orgs:delegations", "get", {}, ANYBODY),
    Row("orgs:delegate", "get", GRANT, OFFICE),
    Row("orgs:end-delegation", "get", one("delegation"), OFFICE),
    Row("orgs:responsible", "get", HERE, SEEN),
    Row("orgs:responsible", "get", HERE, SEEN, query="missing=liaison"),
    Row("orgs:deciders", "get", HERE, SEEN),
    Row("orgs:substitutes", "get", named(HERE, role="leader"), OFFICE),
    Row("orgs:administrators", "get", HERE, SEEN),
    Row("orgs:groups", "get", HERE, SEEN),
    Row("orgs:found-group", "get", named(HERE, kind="supervision"), OFFICE),
    Row("orgs:group", "get", one("group"), SEEN),
    Row("orgs:edit-group", "get", one("group"), OFFICE),
    Row("orgs:dissolve-group", "get", one("group"), OFFICE),
    Row("orgs:add-member", "get", one("group"), OFFICE),
    Row("orgs:order-members", "get", one("group"), OFFICE),
    Row("orgs:group-file", "get", named(one("group"), suffix="docx"), SEEN),
    Row("orgs:end-member", "get", one("membership"), OFFICE),
    Row("orgs:calendar", "get", HERE, SEEN),
    Row("orgs:set-days", "get", HERE, OFFICE),
    Row("orgs:drop-day", "get", one("day"), OFFICE),
    Row("orgs:deadlines", "get", HERE, SEEN),
    Row("orgs:set-rule", "get", named(HERE, code="plan"), OFFICE),
    Row("orgs:drop-rule", "get", one("rule"), OFFICE),
    Row("orgs:import", "get", HERE, OFFICE),
    Row("orgs:import-commit", "post", HERE, "302 404 404 403 422 302", {"carried": "x"}),
    Row("orgs:import-template", "get", HERE, OFFICE),
)

SEES, DOES, MADE = "401 404 404 200 200 401", "401 404 404 403 200 401", "401 404 404 403 201 401"

API = (
    Row("list_responsible", "get", HERE, SEES),
    Row("list_portfolios", "get", HERE, SEES),
    Row("list_deciders", "get", HERE, SEES),
    Row("set_substitutes", "put", named(HERE, role="leader"), DOES, {"person_ids": ["deputy_id"]}),
    Row("list_administrators", "get", HERE, SEES),
    Row("appoint_administrators", "post", HERE, "401 404 404 403 422 401", THREE),
    Row("list_delegations", "get", {}, "401 200 200 200 200 401"),
    Row("delegate", "post", GRANT, MADE, LENT),
    Row("end_delegation", "post", one("delegation"), DOES, ENDS),
    Row("list_groups", "get", HERE, SEES),
    Row("found_group", "post", HERE, MADE, {"kind": "supervision"}),
    Row("get_group", "get", one("group"), SEES),
    Row("edit_group", "patch", one("group"), DOES, {"addressee": "各部门"}),
    Row("dissolve_group", "post", one("group"), DOES, ENDS),
    Row("add_member", "post", one("group"), MADE, {"seat": "deputy", "person_id": "deputy_id"}),
    Row("order_members", "post", one("group"), DOES, {"order": ["membership_id"]}),
    Row("end_member", "post", one("membership"), DOES, ENDS),
    Row("get_group_file", "get", named(one("group"), suffix="docx"), SEES),
    Row("get_calendar", "get", HERE, SEES, query="year=2026"),
    Row("get_due", "get", HERE, SEES, query="from=2026-09-28&number=3"),
    Row("set_days", "post", HERE, MADE, DAYS),
    Row("drop_day", "post", one("day"), DOES, WHY),
    Row("list_deadlines", "get", HERE, SEES),
    Row("set_deadline", "put", named(HERE, code="plan"), DOES, RULE),
    Row("drop_deadline", "post", one("rule"), DOES, WHY),
    Row("get_template", "get", HERE, DOES),
    Row("preview_directory", "post", HERE, "401 404 404 403 422 401", "multipart:sheet"),
    Row("commit_directory", "post", HERE, "401 404 404 403 422 401", {"carried": "x"}),
)  # fmt: skip
