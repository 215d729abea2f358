"""The navigation: groups of words by role; an entry whose address does not exist yet is left out.

GROUPS holds every entry with the roles that have it; FIRST says what stands first for a role, and ITS_WORDS what a
role calls it. Whoever has several roles gets the order of the first of RANKED.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

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
REPORTING = UNITS | OFFICE
SUPERVISED = frozenset({"office", "supervision", "leading_group", "superior"})
DISPATCHED = SUPERVISED | {"reader", "leader"}
RIGHTS = frozenset({"office", "security_admin"})
ACCOUNTS = frozenset({"office", "system_admin"})
#: Whose steps of closure are counted beside 我的工作.
STEPPING = UNITS | {"leader", "supervision", "leading_group", "superior"}
RANKED = (
    "office", "supervision", "leading_group", "leader", "unit_head", "liaison", "superior", "enterprise", "reader",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the navigation and the roles that have it; `also` names pages, or beginnings of addresses, of it.

    With a `query` it is a list narrowed to what waits for the role `waits`: for whoever steps as nothing else, its
    number is that beside 我的工作.
    """

    to: str
    word: Promise
    roles: frozenset[str] = EVERYBODY
    also: tuple[str, ...] = ()
    query: str = ""
    waits: str = ""

    @property
    def key(self) -> str:
        """Return what names the entry."""
        return self.to + self.query


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
            Entry(
                "findings:tasks",
                _("核查"),
                frozenset({"supervision"}),
                query="?waiting=verify",
                waits="supervision",
            ),
            Entry(
                "findings:tasks",
                _("待认可"),
                frozenset({"superior"}),
                query="?waiting=accept",
                waits="superior",
            ),
            Entry("findings:plans", _("整改方案"), also=("/plans/", "/plan-changes/")),
            Entry("findings:books", _("填报表"), REPORTING, also=("/workbooks/",)),
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

#: role → what stands first for it in each group, by the place of the group.
FIRST: Mapping[str, Mapping[int, Sequence[str]]] = MappingProxyType(
    {
        "office": {
            1: (
                "documents:import", "findings:inspections", "findings:tasks", "findings:plans",
                "oversight:dispatches",
            )
        },
        "supervision": {
            1: (
                "findings:inspections", "findings:tasks", "findings:tasks?waiting=verify", "oversight:rounds",
                "oversight:dispatches",
            )
        },
        "leading_group": {1: ("oversight:dispatches", "findings:tasks")},
        "leader": {1: ("findings:tasks", "oversight:dispatches")},
        "unit_head": {1: ("findings:unit-tasks", "findings:all-evidence", "findings:books")},
        "liaison": {1: ("findings:unit-tasks", "findings:all-evidence", "findings:books")},
        "superior": {
            0: ("findings:inspections", "findings:tasks", "findings:tasks?waiting=accept", "oversight:rounds")
        },
    }
)  # fmt: skip
ITS_WORDS: Mapping[str, Mapping[str, Promise]] = MappingProxyType(
    {
        "leading_group": {"oversight:dispatches": _("调度专报")},
        "leader": {"findings:tasks": _("分管任务")},
        "superior": {"oversight:rounds": _("抽查复核")},
    }
)


def address(name: str, *args: object) -> str | None:
    """Return the address of a name, or None while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def navigation(request: HttpRequest, frame: Frame, *, at: str = "") -> list[tuple[str, list[Link]]]:
    """Return the groups for this person; `at` names the current entry where the address does not tell."""
    role = next((one for one in RANKED if one in frame.roles), "")
    words = ITS_WORDS.get(role, {})
    shown = [(group, list(_entries(entries, frame))) for group, entries in _ordered(role)]
    plain = [entry for _group, entries in shown for entry in entries if not entry[0].query]
    current = at or _current(request.path, plain)
    return [
        (
            str(group or ""),
            [
                Link(
                    url=url,
                    word=str(words.get(entry.key, entry.word)),
                    waiting=_waiting(entry, frame),
                    current=entry.key == current,
                )
                for entry, url in entries
            ],
        )
        for group, entries in shown
        if entries
    ]


def _ordered(role: str) -> Iterator[tuple[Promise | None, tuple[Entry, ...]]]:
    """Yield the groups with every entry, what stands first for the role taken to its place."""
    first = FIRST.get(role, {})
    taken = {key for keys in first.values() for key in keys}
    known = {entry.key: entry for _group, entries in GROUPS for entry in entries}
    for place, (group, entries) in enumerate(GROUPS):
        front = tuple(known[key] for key in first.get(place, ()))
        yield group, (*front, *(entry for entry in entries if entry.key not in taken))


def _waiting(entry: Entry, frame: Frame) -> int:
    if not entry.query:
        return frame.waiting.get(entry.to, 0)
    return frame.waiting.get("insight:home", 0) if frame.roles & STEPPING == {entry.waits} else 0


def _entries(entries: tuple[Entry, ...], frame: Frame) -> Iterator[tuple[Entry, str]]:
    for entry in entries:
        url = address(entry.to)
        if url is not None and (entry.roles & frame.roles or entry.to == "web:help"):
            yield entry, url + entry.query


def _current(path: str, entries: list[tuple[Entry, str]]) -> str:
    """Return the name whose address is the longest beginning of `path`; home only if it is the page."""
    hits = [
        (len(url), entry.to)
        for entry, own in entries
        for url in (own, *(name if name[0] == "/" else address(name) or own for name in entry.also))
        if path == url or (url != "/" and path.startswith(url))
    ]
    return max(hits, default=(0, ""))[1]
