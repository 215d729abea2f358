"""The page as a way in: what a browser posts for an attempt, taken from the form that the page offers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.findings.models import PlanChange
from tests.closing import PDF
from tests.refusals.cases import Try, World

#: The steps that the page takes on many tasks.
TOGETHER = ("claim", "sign", "verify", "close", "accept")
#: Cases for which no page has a field, so that nothing can be posted: why.
NO_FIELD = MappingProxyType({"first-due-gone": "页面上没有这一栏"})
#: Cases that a page refuses by the field itself, in the field's words.
BY_FIELD = MappingProxyType({"month-13": "“新期限”不是日期，请写2026-12-05这样的日期。"})


@dataclass(frozen=True)
class Post:
    """One form as it is sent."""

    address: str
    data: Mapping[str, Any] = field(default_factory=dict)


def post_of(attempt: Try, world: World, client: Client) -> Post:
    """Return what the page sends for an attempt on one task."""
    if attempt.step in TOGETHER or attempt.step in ("return", "reopen"):
        more = {"do": "claim"} if attempt.step == "claim" else {"decision": "pass"}
        address = f"/tasks/{world.task.pk}/closure/{attempt.step}/"
        return Post(address, {**more, **answers(attempt)})
    return FORMS[attempt.step](attempt, client)


def post_together(attempt: Try, world: World) -> Post:
    """Return what the page for many tasks sends."""
    tasks = [str(world.task.pk), str(world.sound.pk)]
    return Post("/closure/together/", {"id": tasks, "take": attempt.step, "do": "save", **answers(attempt)})


def answers(attempt: Try) -> dict[str, Any]:
    """Return what was typed and ticked: yes and no for the answers, the usual end for a claim."""
    said = {name: yes_or_no(value) for name, value in attempt.body.items()}
    return {"end_state": "completed", **said} if attempt.step == "claim" else said


def yes_or_no(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def filled(client: Client, address: str, body: Mapping[str, Any]) -> Post:
    """Return the form that stands at `address` with its own values, and `body` written over them."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.content.decode()[:500])
    shown = {one.html_name: one.value() for one in page.context["form"] if not isinstance(one.value(), bytes)}
    kept = {name: value for name, value in shown.items() if value is not None}
    assert set(body) - {"revision"} <= set(shown), (address, sorted(shown))
    return Post(address, {**kept, **body})


def _decided(attempt: Try, client: Client) -> Post:
    change = PlanChange.objects.get(pk=attempt.id)
    return Post(f"/plan-changes/{change.pk}/decide/", {"agreed": "yes", "revision": change.revision})


def _bound(attempt: Try, client: Client) -> Post:
    body = {name: value for name, value in attempt.body.items() if name != "upload_id"}
    return Post(f"/sheets/{attempt.id}/bind/", {**body, "file": scan()})


def _revised(attempt: Try, client: Client) -> Post:
    return filled(client, f"/evidence/{attempt.id}/revise/", {"file": scan()})


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("扫描件.pdf", PDF, content_type="application/pdf")


FORMS: Mapping[str, Callable[[Try, Client], Post]] = MappingProxyType(
    {
        "edit-task": lambda one, client: filled(client, f"/tasks/{one.id}/edit/", one.body),
        "add-task": lambda one, client: filled(client, f"/problems/{one.id}/tasks/new/", one.body),
        "withdraw-task": lambda one, client: filled(client, f"/withdraw/task/{one.id}/", one.body),
        "extend": lambda one, client: filled(client, f"/tasks/{one.id}/extension/", one.body),
        "state": lambda one, client: Post(f"/tasks/{one.id}/state/", one.body),
        "withdraw-evidence": lambda one, client: Post(f"/evidence/{one.id}/withdraw/", one.body),
        "revise-evidence": _revised,
        "decide": _decided,
        "bind": _bound,
    }
)
