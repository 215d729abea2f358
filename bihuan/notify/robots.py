"""The robots of chat groups: kind + address + text ─post→ the vendor's form → sent, or refused with the vendor's code.

Forms and signatures as the vendors describe them: 企业微信 developer.work.weixin.qq.com/document/path/91770,
钉钉 open.dingtalk.com (自定义机器人 加签), 飞书 open.feishu.cn (自定义机器人 签名校验). An address is called only
if its host is the vendor's own, or one that the installation allows; redirects are not followed, answers are cut.
"""

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings

from bihuan.core.refusal import Refused
from bihuan.orgs.refusals import WrongInput

#: kind → where the vendor's robots live: origin, beginning of the path, and what the address must hold.
HOMES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "wecom": ("https://qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key="),
        "dingtalk": ("https://oapi.dingtalk.com", "/robot/send", "access_token="),
        "feishu": ("https://open.feishu.cn", "/open-apis/bot/v2/hook/", ""),
    }
)
SECONDS = 10
LONGEST_ANSWER = 20_000
LONGEST_TEXT = 2_000  # bytes; 企业微信 takes 2048 in a text


class RobotRefused(Refused):
    """The vendor of a robot could not be reached or did not take the message."""


@dataclass(frozen=True, slots=True)
class Call:
    """One message as it goes out."""

    url: str
    body: Mapping[str, Any]


def check(kind: str, url: str) -> None:
    """Let an address pass at which robots of this kind live.

    :raises WrongInput: saying what it must begin with.
    """
    home = HOMES.get(kind)
    if home is None:
        raise WrongInput("notify.robot-kind", field="kind", kind=kind)
    origin, path, holds = home
    refusal = WrongInput("notify.robot-address", field="url", home=f"{origin}{path}")
    if not url.isascii() or any(sign in url for sign in " \t\r\n\\#@"):
        raise refusal
    try:
        parts = urlsplit(url)
        own = f"{parts.scheme}://{parts.netloc}"
        _ = parts.port
    except ValueError:
        raise refusal from None
    allowed = {origin, *settings.ENVIRONMENT.robot_hosts}
    if (
        own not in allowed
        or not parts.path.startswith(path)
        or ".." in parts.path
        or holds not in parts.query
    ):
        raise refusal


def call(kind: str, url: str, *, title: str, text: str, secret: str, at: datetime) -> Call:
    """Return the message in the form of the vendor, signed where there is a secret."""
    text = text.encode()[:LONGEST_TEXT].decode(errors="ignore")
    if kind == "wecom":
        return Call(url, {"msgtype": "text", "text": {"content": f"{title}\n{text}"}})
    if kind == "dingtalk":
        body = {"msgtype": "markdown", "markdown": {"title": title, "text": f"#### {title}\n\n{text}"}}
        if not secret:
            return Call(url, body)
        stamp = str(int(at.timestamp() * 1000))
        sign = quote_plus(_sign(secret.encode(), f"{stamp}\n{secret}".encode()))
        return Call(f"{url}&timestamp={stamp}&sign={sign}", body)
    signed: dict[str, Any] = {}
    if secret:
        stamp = str(int(at.timestamp()))
        signed = {"timestamp": stamp, "sign": _sign(f"{stamp}\n{secret}".encode(), b"")}
    return Call(url, {**signed, "msg_type": "text", "content": {"text": f"{title}\n{text}"}})


def _sign(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def post(kind: str, message: Call) -> None:
    """Send a message and read whether the vendor took it.

    :raises RobotRefused: when it did not, or could not be reached.
    """
    check(kind, message.url)
    parts = urlsplit(message.url)
    line = http.client.HTTPConnection if parts.scheme == "http" else http.client.HTTPSConnection
    connection = line(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        body = json.dumps(message.body, ensure_ascii=False).encode()
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        status, said = answer.status, answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as failure:
        raise RobotRefused("notify.robot-unreachable") from failure
    finally:
        connection.close()
    if status != 200:
        raise RobotRefused("notify.robot-status", number=status)
    if (code := _code(said)) != 0:
        raise RobotRefused("notify.robot-answer", number=code)


def _code(said: bytes) -> int:
    """Return the vendor's own code of an answer: 0 taken, -1 not understood."""
    try:
        answer = json.loads(said)
    except ValueError:
        return -1
    if not isinstance(answer, dict):
        return -1
    code = answer.get("errcode", answer.get("code", answer.get("StatusCode", -1)))
    return code if type(code) is int else -1
