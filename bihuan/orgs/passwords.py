"""What a password must be: password + person + profile → every fault at once; and when it must be changed.

Profiles (setting BIHUAN_PASSWORD_PROFILE): `dengbao` asks for kinds of characters and a change each 90 days;
`asvs` asks for length and no change without cause.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password

from bihuan.core.source import Remark
from bihuan.orgs.models import PastPassword, User

LONGEST = 128


@dataclass(frozen=True, slots=True)
class Profile:
    """Limits: least length, kinds of characters, earlier passwords refused, days until a change."""

    least: int
    kinds: int
    past: int
    days: int | None


PROFILES = MappingProxyType(
    {
        "dengbao": Profile(least=8, kinds=3, past=3, days=90),
        "asvs": Profile(least=12, kinds=0, past=3, days=None),
    }
)


def profile() -> Profile:
    """Return the profile of this installation."""
    return PROFILES[settings.BIHUAN_PASSWORD_PROFILE]


def faults(password: str, user: User) -> list[Remark]:
    """Return everything that is wrong with a new password for `user` (who may be unsaved)."""
    return [*shape_faults(password, user.username, profile()), *_past_faults(password, user)]


def shape_faults(password: str, username: str, rules: Profile) -> Iterator[Remark]:
    """Yield what is wrong with the password itself.

    Source: GB/T 22239-2019 8.1.4.1 (identity is hard to copy, has complexity, is changed at intervals);
    OWASP ASVS 4.0.3 V2.1 (length, common passwords, no composition rules).
    """
    if len(password) < rules.least:
        yield Remark("orgs.password-short", {"least": rules.least})
    if len(password) > LONGEST:
        yield Remark("orgs.password-long", {"most": LONGEST})
    if kinds(password) < rules.kinds:
        yield Remark("orgs.password-kinds", {"kinds": rules.kinds})
    if username and username.lower() in password.lower():
        yield Remark("orgs.password-name")
    if password.lower() in _common():
        yield Remark("orgs.password-common")


def kinds(password: str) -> int:
    """Return how many of capital letters, small letters, digits and other signs the password has.

    >>> kinds("Xiangjiang2026")
    3
    """
    signs = (
        str.isupper,
        str.islower,
        str.isdigit,
        lambda sign: not (sign.isupper() or sign.islower() or sign.isdigit()),
    )
    return sum(any(test(sign) for sign in password) for test in signs)


def must_change(user: User, at: datetime) -> bool:
    """Tell whether the person must choose a new password before anything else."""
    days = profile().days
    if user.must_change_password or user.password_changed_at is None:
        return True
    return days is not None and at - user.password_changed_at > timedelta(days=days)


def _past_faults(password: str, user: User) -> Iterator[Remark]:
    if user.pk is None:
        return
    past = (
        PastPassword.objects.filter(user=user).order_by("-set_at", "-pk").values_list("password", flat=True)
    )
    hashes = [user.password, *past[: profile().past]]
    if any(check_password(password, kept) for kept in dict.fromkeys(hashes) if kept):
        yield Remark("orgs.password-again", {"past": profile().past})


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Return the passwords that everybody tries first (20,000, in Django)."""
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    return frozenset(gzip.decompress(path.read_bytes()).decode().split())
