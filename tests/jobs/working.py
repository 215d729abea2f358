"""Run by test_killed as a process of its own: prepare an installation, be a worker that hangs, or look.

The moment is given, so that a lease can run out without waiting for it.
"""

import sys
import time
from datetime import datetime
from typing import Any

from django.core.management import call_command

from bihuan.jobs import actions
from bihuan.jobs.models import Job
from bihuan.jobs.running import Runner, Work


def out(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def hang(payload: Any, actor: Any, now: datetime) -> None:
    out("working", payload["n"])
    time.sleep(600)


def remind(payload: Any, actor: Any, now: datetime) -> None:
    out("did", payload["n"])


def work(handler: Any, name: str, at: datetime) -> None:
    handlers = Work({"remind": handler}, (), working=lambda day: True, gave_up=lambda job, now: None)
    runner = Runner(handlers, name, clock=lambda: at, sleep=time.sleep)
    runner.run(until=lambda: False, once=True)
    runner.end()


what, at = sys.argv[1], datetime.fromisoformat(sys.argv[2])
if what == "prepare":
    call_command("migrate", verbosity=0)
    actions.put([actions.Wanted("remind", f"r{n}", at, {"n": n}) for n in range(int(sys.argv[3]))], at=at)
elif what == "hang":
    work(hang, "hangs", at)
elif what == "work":
    work(remind, sys.argv[3], at)
else:
    for job in Job.objects.order_by("pk"):
        out(job.key, job.done_at is not None, job.leased_by, job.attempts)
