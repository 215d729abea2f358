"""Signing in: account + password (+ six digits) ─sign_in→ a session, or a remark.

Five failures in ten minutes from one address lock the account (django-axes), known or not.
"""

from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from bihuan.core.source import Remark
from bihuan.orgs import sessions
from bihuan.orgs.actions.accounts import use_recovery
from bihuan.orgs.models import User

DIGITS = 6


def sign_in(request: HttpRequest, *, username: str, password: str, token: str, at: datetime) -> Remark | None:
    """Begin a session and return None, or return why not."""
    user = authenticate(request, username=username, password=password)
    locked = getattr(request, "axes_locked_out", False)
    setattr(request, "axes_locked_out", False)  # noqa: B010 - our page says it, not that of django-axes
    if locked:
        return Remark("orgs.sign-in-locked", {"minutes": _minutes()})
    if not isinstance(user, User):
        failures = AxesProxyHandler.get_failures(request, {"username": username})
        left = max(0, settings.AXES_FAILURE_LIMIT - failures)
        return Remark("orgs.sign-in-wrong", {"left": left, "minutes": _minutes()})
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    if device is not None:
        fault = _second_step(user, device, token=token, at=at)
        if fault is not None:
            return fault
    sessions.begin(request, user, at)
    if device is not None:
        otp_login(request, device)
    return None


def _second_step(user: User, device: TOTPDevice, *, token: str, at: datetime) -> Remark | None:
    """Check the six digits, each good once, or a recovery code; too many wrong ones make the person wait."""
    typed = token.strip()
    if not typed:
        return Remark("orgs.token-missing")
    if len(typed) > DIGITS:
        return None if use_recovery(user, code=typed, at=at) else Remark("orgs.token-wrong")
    if not device.verify_is_allowed()[0]:
        return Remark("orgs.token-wait")
    return None if device.verify_token(typed) else Remark("orgs.token-wrong")


def _minutes() -> int:
    return int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
