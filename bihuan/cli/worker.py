"""`bihuan worker`: do what is due, until stopped. `serve` keeps one beside the pages (`beside`)."""

import argparse
import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

from bihuan.cli.console import WrongUse, language
from bihuan.cli.migrate import is_ready
from bihuan.jobs.running import Runner, own_name
from bihuan.web.catalogue import say

log = logging.getLogger(__name__)

#: How long after a worker was lost the next one is begun, and how often the one beside looks up.
PAUSE, LOOK = 5.0, 0.5


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask whether to stop when nothing is due, or after so many seconds."""
    parser.add_argument("--once", action="store_true", help=say("cli.worker-once", lang=lang))
    parser.add_argument("--for", dest="seconds", type=float, help=say("cli.worker-for", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Work until stopped; refuses to start on tables of another version."""
    if not is_ready():
        raise WrongUse("cli.migrate-first")
    count = work(once=args.once, seconds=args.seconds)
    print(say("cli.worker-done", {"n": count}, lang=language(args)))
    return 0


def work(
    *, once: bool = False, seconds: float | None = None, ends: Callable[[], bool] = lambda: False
) -> int:
    """Run one worker in this process until a signal, the time, or `ends` says so; return how many jobs were tried.

    The job in hand is brought to its end first.
    """
    stop = _Stop()
    deadline = time.monotonic() + seconds if seconds is not None else None

    def until() -> bool:
        return stop.asked or ends() or (deadline is not None and time.monotonic() >= deadline)

    def sleep(span: float) -> None:
        end = time.monotonic() + span
        while not until() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LOOK))

    runner = Runner(import_string(settings.BIHUAN_WORK), own_name(), clock=timezone.now, sleep=sleep)
    try:
        return runner.run(until=until, once=once)
    finally:
        runner.end()


def beside() -> Callable[[], None]:
    """Keep a worker running in a child process, begun again when it is lost; return what stops it in good order.

    The child ends by itself when this process is gone. Call it before there are threads or open connections.
    """
    connections.close_all()
    above = os.getpid()
    child = os.fork()
    if child == 0:
        _keep(above)

    def stop() -> None:
        try:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # gone, and seen to by whoever waits for children

    return stop


def _keep(above: int) -> None:
    """Begin a worker again and again while `above` lives; never returns."""
    stop, own = _Stop(), os.getpid()

    def ends() -> bool:
        return os.getppid() != (above if os.getpid() == own else own)

    while not (stop.asked or ends()):
        if (child := os.fork()) == 0:
            _child(ends)
        while not _ended(child):
            if stop.asked or ends():
                os.kill(child, signal.SIGTERM)
                os.waitpid(child, 0)
                os._exit(0)
            time.sleep(LOOK)
        log.warning("The worker was lost and is begun again")
        time.sleep(PAUSE)
    os._exit(0)


def _child(ends: Callable[[], bool]) -> None:
    try:
        work(ends=ends)
    except BaseException:
        log.exception("The worker stopped")
        os._exit(1)
    os._exit(0)


def _ended(child: int) -> bool:
    return os.waitpid(child, os.WNOHANG)[0] == child


class _Stop:
    """Hears the signals that ask to stop."""

    def __init__(self) -> None:
        self.asked = False
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
