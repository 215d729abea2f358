"""`bihuan serve`: the pages and the API on one address, by gunicorn, with a worker beside them."""

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection
from gunicorn.app.base import BaseApplication

from bihuan.audit.statistics import refresh_statistics
from bihuan.cli.account import announce_first_account
from bihuan.cli.console import WrongUse, language
from bihuan.cli.migrate import is_ready
from bihuan.cli.worker import beside
from bihuan.files.actions import sweep
from bihuan.web.catalogue import say
from bihuan.web.starting import ready_application

HOUR = 3600


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with settings from here, not from a file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the settings over."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Return the application."""
        return ready_application()


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask for the address and how many processes and threads answer."""
    parser.add_argument("--host", default="127.0.0.1", help=say("cli.serve-host", lang=lang))
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help=say("cli.serve-port", lang=lang)
    )
    parser.add_argument("--workers", type=int, default=2, help=say("cli.serve-workers", lang=lang))
    parser.add_argument("--threads", type=int, default=4, help=say("cli.serve-threads", lang=lang))
    parser.add_argument("--no-worker", action="store_true", help=say("cli.serve-no-worker", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; refuses to start on tables of another version."""
    if not is_ready():
        raise WrongUse("cli.migrate-first")
    call_command("clearsessions")
    announce_first_account(lang=language(args), url=f"http://{args.host}:{args.port}")
    refresh_statistics()
    sweep(older_than=time.time() - HOUR)
    connection.close()
    serve(host=args.host, port=args.port, workers=args.workers, threads=args.threads, jobs=not args.no_worker)
    return 0


def serve(*, host: str, port: int, workers: int = 2, threads: int = 4, jobs: bool = True) -> None:
    """Run gunicorn in this process, and with `jobs` a worker in a child process that stops with it."""
    stop = beside() if jobs else _nothing
    Server(
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 120,
            "graceful_timeout": 20,
            "keepalive": 15,
            "max_requests": 20000,
            "max_requests_jitter": 2000,
            "limit_request_line": 8190,
            "forwarded_allow_ips": os.environ.get("BIHUAN_PROXIES", "127.0.0.1"),
            "control_socket_disable": True,
            "on_exit": lambda _server: stop(),
        }
    ).run()


def _nothing() -> None:
    """There is no worker to stop."""
