"""What the worker does and when: every kind of job with its handler, every schedule with its settings.

`cli worker` takes WORK; jobs that are made by acts (letters, messages) need a handler here too.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from bihuan.audit.actor import Actor
from bihuan.core.schedules import Timing
from bihuan.files.actions import sweep, sweep_uploads
from bihuan.files.previews import sweep_previews
from bihuan.findings import reminders as register
from bihuan.jobs.actions import Planned, tidy
from bihuan.jobs.running import Handler, Work
from bihuan.notify import work as notify
from bihuan.notify.telling import Source
from bihuan.orgs.queries import worked_days
from bihuan.oversight import reminders as oversight

#: Where reminders come from. Another context adds its own function here.
SOURCES: tuple[Source, ...] = (
    register.due_tasks,
    register.due_reviews,
    register.left_over,
    register.waited_for,
    register.sheets_to_confirm,
    oversight.missed_dispatches,
    oversight.due_decisions,
    oversight.letters_unanswered,
)

HOUR = 3600
PREVIEWS_KEPT_DAYS = 30


def _tidy(payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    tidy(at=now)


def _sweep(payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Remove uploads that nobody took, contents that nothing names, and previews that nobody looked at for long."""
    sweep_uploads(now=now)
    sweep(older_than=now.timestamp() - HOUR)
    sweep_previews(older_than=now.timestamp() - PREVIEWS_KEPT_DAYS * 24 * HOUR)


def _working(day: date) -> bool:
    """Tell whether a day is worked on by any organisation, holidays and worked weekends counted."""
    return worked_days()(day)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "reminders.daily": notify.daily(SOURCES),
        "notify.digest": notify.digest,
        "notify.letter": notify.send_letter,
        "notify.robots": notify.robots_daily(SOURCES),
        "notify.robot": notify.robot,
        "jobs.tidy": _tidy,
        "files.sweep": _sweep,
    }
)

PLANS = (
    Planned("reminders.daily", Timing("day", time(8, 0), working_days=True)),
    Planned("notify.digest", Timing("day", time(8, 15))),
    Planned("notify.robots", Timing("day", time(8, 30), working_days=True)),
    Planned("jobs.tidy", Timing("day", time(3, 0))),
    Planned("files.sweep", Timing("day", time(3, 30))),
)

WORK = Work(handlers=HANDLERS, plans=PLANS, working=_working, gave_up=notify.tell_failure)
