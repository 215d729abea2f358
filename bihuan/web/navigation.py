"""The navigation: groups of words by role; an entry whose address does not exist yet is left out."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.core import access
from bihuan.web.edge import Frame

EVERYBODY = frozenset(access.WORKING)
DIRECTORY = EVERYBODY | {"system_admin", "security_admin"}
RECORD = EVERYBODY | {"audit_admin"}
DELEGATING = access.DELEGABLE | {"security_admin"}
OFFICE = frozenset({"office"})
UNITS = frozenset({"liaison", "unit_head"})
SUPERVISED = frozenset({"office", "supervision", "leading_group", "superior"})
DISPATCHED = SUPERVISED | {"reader", "leader"}
RIGHTS = frozenset({"office", "security_admin"})
ACCOUNTS = frozenset({"office", "system_admin"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the navigation and the roles that have it; `also` names pages, or beginnings of addresses, of it."""

    to: str
    word: Promise
    roles: frozenset[str] = EVERYBODY
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as this page shows it."""

    url: str
    word: str
    waiting: int
    current: bool


GROUPS: tuple[tuple[Promise | None, tuple[Entry, ...]], ...] = (
    (
        None,
        (
            Entry("insight:home", _("我的工作")),
            Entry("notify:list", _("消息")),
            Entry("insight:calendar", _("日历")),
        ),
    ),
    (
        _("整改"),
        (
            Entry("documents:import", _("导入文件"), OFFICE),
            Entry("findings:inspections", _("巡察")),
            Entry("findings:tasks", _("任务清单")),
            Entry("findings:problems", _("问题清单")),
            Entry("findings:responsibilities", _("责任清单")),
            Entry("findings:unit-tasks", _("本单位任务"), UNITS, also=("/progress/",)),
            Entry("findings:all-evidence", _("佐证材料"), UNITS, also=("/evidence/",)),
            Entry(
                "oversight:dispatches",
                _("调度"),
                DISPATCHED,
                also=("oversight:meetings", "oversight:decisions"),
            ),
            Entry("oversight:letters", _("督办单和函"), EVERYBODY - {"enterprise"}),
            Entry("oversight:rounds", _("督查轮次"), SUPERVISED),
            Entry("oversight:forms", _("上级表样"), OFFICE),
            Entry("oversight:assessments", _("评估表"), SUPERVISED),
        ),
    ),
    (_("对外"), (Entry("notices:list", _("通报")),)),
    (
        _("基础"),
        (
            Entry("findings:institutions", _("制度")),
            Entry(
                "orgs:units", _("单位和人员"), DIRECTORY, also=("orgs:people", "/organisations/", "/groups/")
            ),
            Entry("orgs:delegations", _("委托"), DELEGATING),
            Entry("audit:record", _("变更记录"), RECORD),
            Entry("notify:robots", _("群机器人"), RIGHTS),
            Entry("jobs:health", _("系统运行"), ACCOUNTS),
            Entry("web:help", _("帮助")),
        ),
    ),
)


def address(name: str, *args: object) -> str | None:
    """Return the address of a name, or None while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def navigation(request: HttpRequest, frame: Frame, *, at: str = "") -> list[tuple[str, list[Link]]]:
    """Return the groups for this person; `at` names the current entry where the address does not tell."""
    shown = [(group, list(_entries(entries, frame))) for group, entries in GROUPS]
    current = at or _current(request.path, [entry for _group, entries in shown for entry in entries])
    return [
        (
            str(group or ""),
            [
                Link(
                    url=url,
                    word=str(entry.word),
                    waiting=frame.waiting.get(entry.to, 0),
                    current=entry.to == current,
                )
                for entry, url in entries
            ],
        )
        for group, entries in shown
        if entries
    ]


def _entries(entries: tuple[Entry, ...], frame: Frame) -> Iterator[tuple[Entry, str]]:
    for entry in entries:
        url = address(entry.to)
        if url is not None and (entry.roles & frame.roles or entry.to == "web:help"):
            yield entry, url


def _current(path: str, entries: list[tuple[Entry, str]]) -> str:
    """Return the name whose address is the longest beginning of `path`; home only if it is the page."""
    hits = [
        (len(url), entry.to)
        for entry, own in entries
        for url in (own, *(name if name[0] == "/" else address(name) or own for name in entry.also))
        if path == url or (url != "/" and path.startswith(url))
    ]
    return max(hits, default=(0, ""))[1]
