"""The whole of the product through the API, every action once; afterwards the record folds to the tables."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from tests.api.conftest import Caller
from tests.api.world import SAMPLES
from tests.cast import NOW, PASSWORD, Cast

PACKAGE = Path(__file__).resolve().parents[2] / "bihuan"
#: Sealed acts that do not belong to an API: the first account, codes typed when signing in, the console's backups.
ELSEWHERE = {"account.first", "account.password-by-code", "account.recovery-used", "code.made"}
WHY = {"reason": "登记有误"}


def file(name: str, data: bytes | None = None) -> io.BytesIO:
    held = io.BytesIO((SAMPLES / name).read_bytes() if data is None else data)
    held.name = name
    return held


def whole() -> None:
    assert (list(chain_breaks()), list(table_breaks())) == ([], [])


def by_hand(office: Caller, cast: Cast) -> dict[str, Any]:
    """Register by hand, change it, change many together, withdraw."""
    own = {"organisation_id": cast.organisation.pk}
    inspection = office.post("inspections", {**own, "title": "手工登记", "kind": "xuncha"}, status=201)
    at = inspection["id"]
    office.patch(f"inspections/{at}", {"title": "手工登记的巡察", "revision": 1})
    finding = office.post(f"inspections/{at}/findings", {"number": "一", "title": "反馈问题"}, status=201)
    office.patch(f"findings/{finding['id']}", {"title": "反馈的问题", "revision": 1})
    problem = office.post(f"findings/{finding['id']}/problems", {"number": "1", "title": "问题"}, status=201)
    office.patch(f"problems/{problem['id']}", {"response": "已整改。", "revision": 1})
    made = [
        office.post(f"problems/{problem['id']}/tasks", {"number": f"1-{n}", "title": f"任务{n}"}, status=201)
        for n in range(1, 6)
    ]
    task = made[0]["id"]
    office.patch(f"tasks/{task}", {"due_on": "2026-12-31", "unit_id": cast.safety.pk, "revision": 1})
    office.post(f"tasks/{task}/state", {"state": "doing", "revision": 2})
    step = office.post(f"tasks/{task}/steps", {"title": "列名单"}, status=201)
    office.patch(f"steps/{step['id']}", {"done_on": "2026-11-20", "revision": 1})
    office.post(f"steps/{step['id']}/withdraw", WHY)
    values = {"leader": "闻人月", "state": "waiting", "due_on": "2026-12-20"}
    assert office.post("tasks/bulk", {"ids": [one["id"] for one in made], "values": values}) == {"changed": 5}
    institution = office.post("institutions", {**own, "title": "制度", "inspection_id": at}, status=201)
    office.patch(f"institutions/{institution['id']}", {"issued_on": "2026-08", "revision": 1})
    office.post(f"institutions/{institution['id']}/withdraw", WHY)
    notice = office.post(f"inspections/{at}/notices", {"as_of": "2026-11-23"}, status=201)
    office.post(f"notices/{notice['id']}/withdraw", WHY)
    return {"inspection": at, "finding": finding["id"], "problem": problem["id"], "task": task}


def changed_sheet(sheet: bytes) -> bytes:
    """Change one cell of an exported sheet of tasks, as a unit would."""
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    page = book.active
    heads = {cell.value: cell.column for cell in page[1]}
    page.cell(row=2, column=heads["牵头领导"]).value = "陆知行"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def and_back(office: Caller, made: dict[str, Any]) -> None:
    """Export the tasks, change one cell, import it back; then withdraw what was made by hand."""
    sheet = b"".join(
        office.ask("get", f"tasks/export.xlsx?inspection={made['inspection']}").streaming_content
    )
    shown = office.send("tasks/import", file=file("任务.xlsx", changed_sheet(sheet)))
    assert [one["new"] for one in shown["changes"]] == ["陆知行"]
    assert office.post("tasks/import/commit", {"carried": shown["carried"]}) == {"changed": 1}
    office.post("tasks/import/commit", {"carried": shown["carried"]}, status=409)
    office.post(f"tasks/{made['task']}/withdraw", WHY)
    office.post(f"problems/{made['problem']}/withdraw", WHY)
    office.post(f"findings/{made['finding']}/withdraw", WHY)


def imported(office: Caller, cast: Cast) -> None:
    """Take in feedback, plan and notice: corrected, begun again, registered, taken back."""
    own = {"organisation_id": cast.organisation.pk}
    first = office.send("documents", file=file("反馈意见.docx"), **own, status=201)
    assert office.send("documents", file=file("反馈意见.docx"), **own)["outcome"] == "resumed"
    edits = [{"verb": "change", "node": "n1", "values": {"title": "园区专项巡察"}}]
    draft = office.post(f"drafts/{first['draft_id']}/edits", {"revision": 1, "edits": edits})
    live = office.post(f"drafts/{first['draft_id']}/register", {"revision": draft["revision"]}, status=201)
    plan = office.send("documents", file=file("整改方案任务表.xlsx"), **own, status=201)
    draft = office.post(
        f"drafts/{plan['draft_id']}/target", {"revision": 1, "inspection_id": live["inspection_id"]}
    )
    units = "\n".join(draft["preview"]["unknown_units"])
    ticks = [{"verb": "change", "node": "n1", "values": {"new_units": units}}]
    draft = office.post(f"drafts/{plan['draft_id']}/edits", {"revision": draft["revision"], "edits": ticks})
    office.post(f"drafts/{plan['draft_id']}/register", {"revision": draft["revision"]}, status=201)
    assert office.get(f"inspections/{live['inspection_id']}/tally")["tasks"] == 49
    office.post(f"drafts/{plan['draft_id']}/withdraw", WHY)
    assert office.get(f"inspections/{live['inspection_id']}/tally")["tasks"] == 0
    notice = office.send("documents", file=file("整改通报.docx"), **own, status=201)
    draft = office.post(f"drafts/{notice['draft_id']}/read-again", {"revision": 1, "mode": "live"})
    draft = office.post(
        f"drafts/{notice['draft_id']}/read-again", {"revision": draft["revision"], "mode": "archive"}
    )
    archive = office.post(
        f"drafts/{notice['draft_id']}/register", {"revision": draft["revision"]}, status=201
    )
    declared = office.get(f"inspections/{archive['inspection_id']}/declared")
    assert {one["key"]: one["value"] for one in declared}["tasks"] == 49
    office.post(f"drafts/{notice['draft_id']}/withdraw", WHY)
    again = office.send("documents", file=file("整改通报.docx"), **own, status=201)
    office.post(f"drafts/{again['draft_id']}/drop")


def directory(office: Caller, cast: Cast) -> None:
    """Make, change, move, close units; make people, give and end posts and grants, disable and enable."""
    unit = office.post(f"units/{cast.safety.pk}/units", {"name": "执法大队"}, status=201)["id"]
    office.patch(f"units/{unit}", {"short_name": "大队"})
    office.post(f"units/{unit}/move", {"parent_id": cast.environment.pk})
    office.post(f"units/{unit}/close", WHY)
    office.post(f"units/{unit}/reopen", WHY)
    person = {"name": "叶知秋", "username": "yezhiqiu", "title": "干事", "starts_on": "2026-01-01"}
    who = office.post(f"units/{unit}/people", person, status=201)["id"]
    office.patch(f"people/{who}", {"name": "叶知夏"})
    days = {"unit_id": unit, "starts_on": "2026-01-01"}
    post = office.post(f"people/{who}/posts", {**days, "title": "兼职"}, status=201)["id"]
    grant = office.post(f"posts/{post}/grants", {**days, "role": "reader"}, status=201)["id"]
    office.post(f"grants/{grant}/end", {"ends_on": "2026-12-01"})
    office.post(f"posts/{post}/end", {"ends_on": "2026-12-01"})
    office.post(f"people/{who}/disable", WHY)
    office.post(f"people/{who}/enable", WHY)
    office.post(f"people/{who}/reset", {}, status=201)


def account(office: Caller, cast: Cast) -> None:
    """Change the password, switch the second step on and off, make and revoke a token."""
    office.post("account/password", {"old": PASSWORD, "new": "Baishi-2027-dukou"})
    office.post("account/two-step", status=201)
    device = TOTPDevice.objects.get(user=cast.office, confirmed=False)
    digits = f"{totp(device.bin_key, t0=device.t0):06d}"
    assert len(office.post("account/two-step/confirm", {"token": digits})["recovery_codes"]) == 8
    office.post("account/two-step", status=409)
    office.post("account/two-step/off", {"password": "Baishi-2027-dukou"})
    token = office.post("tokens", {"name": "夜间", "expires_on": "2026-12-31"}, status=201)
    office.post(f"tokens/{token['id']}/revoke")


#: Whose acts another test folds with the tables, by the beginning of the source's path.
FOLDED = {
    "findings/actions/accountability": "cli/test_demonstration.py",
    "findings/actions/axes": "findings/test_axes.py",
    "findings/actions/binders": "findings/test_evidence.py",
    "findings/actions/closure": "findings/test_closure_sequences.py",
    "findings/actions/comments": "findings/test_axes.py",
    "findings/actions/evidence": "findings/test_evidence.py",
    "findings/actions/opinions": "findings/test_evidence.py",
    "findings/actions/plan_": "scenario/test_whole_inspection.py",
    "findings/actions/progress": "findings/test_workbooks.py",
    "findings/actions/recipients": "findings/test_axes.py",
    "findings/actions/sheets": "findings/test_closure_sheets.py",
    "findings/actions/workbooks": "findings/test_workbooks.py",
    "notify/actions": "cli/test_demonstration.py",
    "orgs/actions/calendar": "orgs/test_groups.py",
    "orgs/actions/delegations": "orgs/test_rights.py",
    "orgs/actions/directory": "orgs/test_import.py",
    "orgs/actions/groups": "orgs/test_groups.py",
    "orgs/actions/order": "orgs/test_groups.py",
    "orgs/actions/rights": "orgs/test_rights.py",
    "oversight/actions/": "scenario/test_whole_inspection.py",
}


def test_what_is_not_walked_here_is_folded_elsewhere() -> None:
    tests = PACKAGE.parent / "tests"
    assert [
        name for name in FOLDED.values() if "table_breaks" not in (tests / name).read_text(encoding="utf-8")
    ] == []


def sealed_acts() -> set[str]:
    """Return every act that the program can seal, as its sources name them, but for what another test folds."""
    texts = [
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if not path.relative_to(PACKAGE).as_posix().startswith(tuple(FOLDED)) and path.parent.name != "views"
    ]
    plain = {act for text in texts for act in re.findall(r'action="([a-z-]+\.[a-z-]+)"', text)}
    rows = {"inspection", "finding", "problem", "institution"}
    return plain | {f"{kind}.{verb}" for kind in rows for verb in ("create", "edit")} | {
        f"{kind}.withdraw" for kind in (*rows, "task", "step")
    } - {"inspection.withdraw"}  # fmt: skip


@pytest.mark.django_db
def test_the_record_folds_to_the_tables_after_every_action(office: Caller, cast: Cast) -> None:
    made = by_hand(office, cast)
    whole()
    and_back(office, made)
    whole()
    imported(office, cast)
    whole()
    directory(office, cast)
    account(office, cast)
    whole()
    assert sealed_acts() - set(Event.objects.values_list("action", flat=True)) == ELSEWHERE - {"code.made"}
    assert {event.at for event in Event.objects.all()} == {NOW}


@pytest.mark.django_db
def test_a_refused_request_leaves_no_trace(office: Caller, cast: Cast) -> None:
    made = by_hand(office, cast)
    before = Event.objects.count()
    office.patch(f"tasks/{made['task']}", {"title": "新", "revision": 1}, status=409)
    office.patch(f"tasks/{made['task']}", {"title": "", "due_on": "2026-12-31", "revision": 4}, status=422)
    office.post("tasks/bulk", {"ids": [made["task"]], "values": {"state": "completed"}}, status=422)
    office.post(f"inspections/{made['inspection']}/notices", {"as_of": "2030-01-01"}, status=422)
    assert Event.objects.count() == before
    whole()
