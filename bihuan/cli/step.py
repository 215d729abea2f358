"""`bihuan step`: one step of the flow through the API, with a token, on a server or on this machine's own data.

words ─body→ JSON ─ask→ the API (HTTP with --server, else in this process) → its answer, or its refusal in sentences
"""

import argparse
import io
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.core.wsgi import get_wsgi_application

from bihuan.web.catalogue import say

#: step → method and address under /api/v1/; ``{id}`` is taken from --id.
STEPS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **{name: ("POST", f"closure/{name}") for name in ("claim", "sign", "verify", "close", "accept")},
        "return": ("POST", "closure-return"),
        "withdraw": ("POST", "closure-withdraw"),
        "reopen": ("POST", "closure-reopen"),
        "status": ("GET", "tasks/{id}/closures"),
        "sheet": ("POST", "tasks/{id}/sheets"),
        "bind": ("POST", "sheets/{id}/bind"),
        "confirm": ("POST", "sheets/{id}/confirm"),
        "refuse-sheet": ("POST", "sheets/{id}/refuse"),
        "block": ("POST", "problems/{id}/blockers"),
        "lift": ("POST", "blockers/{id}/lift"),
        "dispute": ("POST", "problems/{id}/disputes"),
        "rule": ("POST", "disputes/{id}/rule"),
        "recuse": ("POST", "recusals"),
        "review": ("POST", "tasks/{id}/reviews"),
        "add-task": ("POST", "problems/{id}/tasks"),
        "edit-task": ("PATCH", "tasks/{id}"),
        "withdraw-task": ("POST", "tasks/{id}/withdraw"),
        "state": ("POST", "tasks/{id}/state"),
        "cause": ("PUT", "problems/{id}/cause"),
        "send-plan": ("POST", "plans/{id}/send"),
        "approve-plan": ("POST", "plans/{id}/approve"),
        "extend": ("POST", "tasks/{id}/extension"),
        "change-task": ("POST", "tasks/{id}/plan-change"),
        "decide": ("POST", "plan-changes/{id}/decide"),
        "add-evidence": ("POST", "tasks/{id}/evidence"),
        "not-kept": ("POST", "tasks/{id}/evidence/not-kept"),
        "revise-evidence": ("POST", "evidence/{id}/revise"),
        "withdraw-evidence": ("POST", "evidence/{id}/withdraw"),
        "hold-dispatch": ("POST", "dispatches/{id}/hold"),
        "hold-meeting": ("POST", "meetings/{id}/hold"),
        "close-in-meeting": ("POST", "meetings/{id}/close"),
        "issue-letter": ("POST", "letters/{id}/issue"),
    }
)
NUMBERS = frozenset({"revision", "size", "amount", "upload"})
WORDS = MappingProxyType({"yes": True, "no": False, "true": True, "false": False, "null": None})
TIMEOUT = 60


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Declare what the command takes."""
    parser.add_argument("step", choices=tuple(STEPS), help=say("cli.step-name", lang=lang))
    parser.add_argument("tasks", nargs="*", type=int, metavar="TASK", help=say("cli.step-tasks", lang=lang))
    parser.add_argument("--id", type=int, default=0, help=say("cli.step-id", lang=lang))
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=say("cli.step-set", lang=lang)
    )
    parser.add_argument("--json", metavar="FILE", help=say("cli.step-json", lang=lang))
    parser.add_argument(
        "--server", default=os.environ.get("BIHUAN_SERVER", ""), help=say("cli.step-server", lang=lang)
    )


def run(args: argparse.Namespace) -> int:
    """Take the step; the token comes from BIHUAN_TOKEN, never from the command line, which others can read."""
    token = os.environ.get("BIHUAN_TOKEN", "").strip()
    if not token:
        return _wrong("cli.step-token", args.lang)
    method, address = STEPS[args.step]
    if "{id}" in address and not args.id:
        return _wrong("cli.step-id-missing", args.lang)
    try:
        body = _body(args)
    except (OSError, ValueError) as error:
        return _wrong("cli.step-body", args.lang, reason=str(error)[:200])
    path = "/api/v1/" + address.format(id=args.id)
    data = json.dumps(body).encode() if method != "GET" else b""
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en" if args.lang == "en" else "zh"}
    if not args.server:
        return _told(*_here(method, path, data, headers))
    try:
        status, answer = _over_http(args.server, method, path, data, headers)
    except (OSError, ValueError) as error:
        return _wrong("cli.step-unreachable", args.lang, server=args.server, reason=str(error)[:200])
    return _told(status, answer)


def _body(args: argparse.Namespace) -> dict[str, Any]:
    """Return what is sent: the file's object, then every NAME=VALUE, then the tasks.

    :raises ValueError: when the file holds no object, or a word holds no ``=``.
    """
    body: dict[str, Any] = {}
    if args.json:
        text = sys.stdin.read() if args.json == "-" else Path(args.json).read_text(encoding="utf-8")
        body = json.loads(text)
        if not isinstance(body, dict):
            raise ValueError(args.json)
    for word in args.set:
        name, sign, value = word.partition("=")
        if not sign:
            raise ValueError(word)
        body[name] = _value(name, value)
    if args.tasks:
        body["tasks"] = args.tasks
    return body


def _value(name: str, value: str) -> Any:
    """Return a value as JSON has it: yes and no, numbers where a number is meant, lists and objects, else text."""
    if value in WORDS:
        return WORDS[value]
    if value.isdecimal() and (name.endswith("_id") or name in NUMBERS):
        return int(value)
    return json.loads(value) if value[:1] in ("[", "{") else value


def _over_http(
    server: str, method: str, path: str, data: bytes, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    if not server.startswith(("http://", "https://")):
        raise ValueError(server)
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
        server.rstrip("/") + path, data=data or None, method=method,
        headers={**headers, "Content-Type": "application/json"},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def _here(method: str, path: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Ask the application in this process, by the same door as a server would."""
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(data)), "wsgi.input": io.BytesIO(data),
        "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": True, "HTTP_HOST": "localhost",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }  # fmt: skip

    def start(line: str, _headers: list[tuple[str, str]], _fault: object = None) -> Any:
        status.append(line)
        return lambda _piece: None

    answer = get_wsgi_application()(environ, start)
    content = b"".join(answer)
    return int(status[0].split()[0]), content


def _told(status: int, answer: bytes) -> int:
    """Print the answer; a refusal goes to the other stream, one sentence a line, each task named."""
    try:
        said = json.loads(answer)
    except ValueError:
        sys.stderr.write(f"HTTP {status}\n")
        return 1
    if status < 300:
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=1) + "\n")
        return 0
    lines = [said.get("message", f"HTTP {status}")]
    for task in said.get("tasks", ()):
        lines += [f"{task['number']}: {fault['message']}" for fault in task["faults"]]
    lines += [fault["message"] for fault in said.get("faults", ()) if not said.get("tasks")]
    sys.stderr.write("\n".join(dict.fromkeys(lines)) + "\n")
    return 1


def _wrong(code: str, lang: str, **params: str) -> int:
    sys.stderr.write(f"{say(code, params, lang=lang)}\n")
    return 2
