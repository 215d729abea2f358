"""One worker: schedules → the queue → handlers, again and again. Time, sleep and the handlers are given to it.

Work ─Runner.step→ at most one job done; ─Runner.run→ until it is stopped. A handler may be run twice (a worker killed
after the deed, before the end was noted): it must be such that the second time changes nothing.
"""

import logging
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections, connection

from bihuan.audit.actor import Actor
from bihuan.core.refusal import Refused
from bihuan.core.schedules import Working
from bihuan.jobs import actions
from bihuan.jobs.models import Job

log = logging.getLogger(__name__)

PULSE = timedelta(minutes=1)
IDLE_SECONDS = 2.0

Handler = Callable[[Mapping[str, Any], Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class Work:
    """Everything a worker is given (config/work.py): what to do by kind, what recurs, which days are worked on.

    `gave_up` is told of every job that is given up.
    """

    handlers: Mapping[str, Handler]
    plans: tuple[actions.Planned, ...]
    working: Working
    gave_up: Callable[[Job, datetime], None]

    def __post_init__(self) -> None:
        if unknown := {plan.kind for plan in self.plans} - set(self.handlers):
            raise ValueError(f"planned without a handler: {sorted(unknown)}")


def own_name() -> str:
    """Return the name of this worker: machine and process."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


@dataclass(slots=True)
class Runner:
    """One worker. `clock` tells the moment, `sleep` waits so many seconds."""

    work: Work
    name: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], object]
    _pulse: datetime | None = field(default=None, init=False)

    def begin(self) -> None:
        """Bring the schedules to what is configured."""
        actions.settle(self.work.plans, working=self.work.working, zone=settings.TIME_ZONE, at=self.clock())

    def step(self) -> bool:
        """Plan what has come due and do at most one job; tell whether there was one."""
        at = self.clock()
        self._show(at)
        actions.plan_due(working=self.work.working, zone=settings.TIME_ZONE, at=at)
        job = actions.take(worker=self.name, kinds=list(self.work.handlers), at=at)
        if job is None:
            for lost in actions.give_up_lost(at=at):
                self._tell(lost)
            return False
        self._do(job, at)
        return True

    def run(self, *, until: Callable[[], bool], once: bool = False) -> int:
        """Work until `until` says so, or (`once`) until nothing is due; return how many jobs were tried.

        A database that is away for a while is waited for.
        """
        count = 0
        begun = False
        while not until():
            try:
                if not begun:
                    self.begin()
                    begun = True
                busy = self.step()
            except Error:
                if once:
                    raise
                log.exception("The worker cannot reach the database and waits")
                close_old_connections()
                busy = False
            count += busy
            if not busy:
                if once:
                    break
                self.sleep(IDLE_SECONDS)
        return count

    def end(self) -> None:
        """Note that this worker goes in good order."""
        actions.stopped(self.name, at=self.clock())
        connection.close()

    def _do(self, job: Job, at: datetime) -> None:
        actor = Actor(user_id=None, label=f"job:{job.kind}", at=at, zone=settings.TIME_ZONE)
        try:
            self.work.handlers[job.kind](job.payload, actor, at)
        except Refused as refused:
            error = refused.code
        except Exception as failure:
            log.exception("The job %s %s failed", job.kind, job.pk)
            error = type(failure).__name__
        else:
            actions.finish(job, at=self.clock())
            return
        if actions.fail(job, error=error, at=self.clock()):
            self._tell(job)

    def _tell(self, job: Job) -> None:
        """Tell that a job was given up; a fault in the telling stops no worker."""
        try:
            self.work.gave_up(job, self.clock())
        except Exception:
            log.exception("That the job %s was given up could not be told", job.pk)

    def _show(self, at: datetime) -> None:
        if self._pulse is None or at - self._pulse >= PULSE:
            actions.seen(self.name, at=at)
            self._pulse = at
