"""An account's own affairs: first account, passwords, one-time codes, the second step, tokens for the API.

Sealed is that it happened and to whom; never a password, a hash of one, or a secret.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import NotVisible
from bihuan.orgs import passwords, sessions
from bihuan.orgs.codes import digest, new_token, tidy_code
from bihuan.orgs.codes import new_code as fresh_code
from bihuan.orgs.edge import person_actor
from bihuan.orgs.models import Grant, OneTimeCode, PastPassword, Post, Token, Unit, UnitLink, User
from bihuan.orgs.refusals import CodeRefused, PasswordRefused, StepRefused, WrongInput

VALID_FOR = {"first": timedelta(days=7), "start": timedelta(days=7), "reset": timedelta(days=1)}
RECOVERY_CODES = 8
FOREVER = timedelta(days=36500)
LONGEST_TOKEN = 366


@dataclass(frozen=True, slots=True)
class FirstDraft:
    """What the page of the first account asks for."""

    organisation: str
    name: str
    username: str
    title: str
    short_name: str = ""


@transaction.atomic
def make_first_code(*, actor: Actor) -> str:
    """Return the code that opens the page of the first account; an earlier one ends.

    :raises StepRefused: when an account exists.
    """
    if User.objects.exists():
        raise StepRefused("orgs.first-exists")
    return new_code(None, purpose="first", actor=actor)


@transaction.atomic
def create_first_account(code: str, *, draft: FirstDraft, password: str, actor: Actor) -> User:
    """Create the organisation, the first person with a post in it, and the office over it.

    `actor` tells when; the acts are sealed as the new person's own.

    :raises CodeRefused: when the code is not the one printed on the console.
    :raises PasswordRefused: with everything that is wrong with the password.
    """
    at = actor.at
    found = _code(code, purposes=("first",), at=at)
    if User.objects.exists():
        raise StepRefused("orgs.first-exists")
    user = User(username=draft.username, name=draft.name, created_at=at, password_changed_at=at)
    _check_password(password, user)
    user.set_password(password)
    user.save()
    unit = Unit.objects.create(
        name=draft.organisation, short_name=draft.short_name, kind="organisation", position=1
    )
    UnitLink.objects.create(ancestor=unit, descendant=unit, depth=0)
    post = Post.objects.create(person=user, unit=unit, title=draft.title, starts_on=actor.today)
    grant = Grant.objects.create(post=post, role="office", unit=unit, starts_on=actor.today)
    found.used_at = at
    found.save(update_fields=["used_at"])
    own = replace(person_actor(user, at), organisation_id=unit.pk)
    record(
        actor=own, action="account.first", created=[user, unit, post, grant], changed=[(found, ["used_at"])]
    )
    return user


@transaction.atomic
def change_password(user: User, *, old: str, new: str, actor: Actor) -> User:
    """Set a new password in place of the old one; the caller ends or renews the sessions.

    :raises WrongInput: when the old password is not right.
    :raises PasswordRefused: with everything that is wrong with the new one.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.check_password(old):
        raise WrongInput("orgs.password-old-wrong", field="old")
    changed = _set_password(user, new, at=actor.at)
    record(actor=actor, action="account.password-changed", changed=[(user, changed)])
    return user


@transaction.atomic
def use_code(code: str, *, username: str, password: str, at: datetime) -> User:
    """Set a password by a one-time code of the office, and end every session of the account.

    :raises CodeRefused: when the code is unknown, used, past its day, or another account's.
    :raises PasswordRefused: with everything that is wrong with the password; the code stays good.
    """
    found = _code(code, purposes=("start", "reset"), at=at)
    user = User.objects.select_for_update().get(pk=found.user_id or 0)
    if user.username != username or not user.is_active:
        raise CodeRefused("orgs.code-wrong")
    changed = _set_password(user, password, at=at)
    found.used_at = at
    found.save(update_fields=["used_at"])
    sessions.end_all(user.pk, at)
    record(
        actor=person_actor(user, at),
        action="account.password-by-code",
        changed=[(user, changed), (found, ["used_at"])],
    )
    return user


@transaction.atomic
def set_preferences(user: User, *, language: str, large_type: bool) -> User:
    """Keep the language and the size of type of an account (not sealed: nobody else is concerned)."""
    user.language, user.large_type = language, large_type
    user.save(update_fields=["language", "large_type"])
    return user


@transaction.atomic
def make_token(user: User, *, name: str, expires_on: date, actor: Actor) -> tuple[Token, str]:
    """Create a token for the API and return it with its secret, shown once.

    :raises WrongInput: when it would end in the past or later than in a year.
    """
    days = (expires_on - actor.today).days
    if not 0 <= days <= LONGEST_TOKEN:
        raise WrongInput("orgs.token-day", field="expires_on")
    secret = new_token()
    token = Token.objects.create(
        user=user,
        name=name.strip(),
        sha256=digest(secret),
        prefix=secret[:9],
        created_at=actor.at,
        expires_on=expires_on,
    )
    record(actor=actor, action="token.made", created=[token])
    return token, secret


@transaction.atomic
def revoke_token(user: User, *, token_id: int, actor: Actor) -> Token:
    """End one of the person's own tokens at once.

    :raises NotVisible: when it is not there or not the person's.
    """
    token = Token.objects.select_for_update().filter(user=user, pk=token_id).first()
    if token is None:
        raise NotVisible("orgs.token-not-found")
    if token.revoked_at is None:
        token.revoked_at = actor.at
        token.save(update_fields=["revoked_at"])
        record(actor=actor, action="token.revoked", changed=[(token, ["revoked_at"])])
    return token


@transaction.atomic
def start_totp(user: User) -> TOTPDevice:
    """Return the device that waits to be confirmed, the same until it is (not sealed: a secret)."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="totp", confirmed=False)


@transaction.atomic
def confirm_totp(user: User, *, token: str, actor: Actor) -> list[str]:
    """Switch the second step on, and return the recovery codes, shown once.

    :raises WrongInput: when the six digits do not come from this device.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(token.strip()):
        raise WrongInput("orgs.totp-wrong", field="token")
    drop_devices(user, actor=actor)
    device.confirmed = True
    device.save(
        update_fields=["confirmed", "last_t", "throttling_failure_count", "throttling_failure_timestamp"]
    )
    codes = [fresh_code() for _ in range(RECOVERY_CODES)]
    rows = [
        OneTimeCode(
            user=user,
            purpose="recovery",
            sha256=digest(tidy_code(code)),
            created_at=actor.at,
            expires_at=actor.at + FOREVER,
        )
        for code in codes
    ]
    for row in rows:
        row.save()
    record(actor=actor, action="account.totp-on", created=rows)
    return codes


@transaction.atomic
def drop_totp(user: User, *, password: str, actor: Actor) -> None:
    """Switch the second step off.

    :raises WrongInput: when the password is not right.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.check_password(password):
        raise WrongInput("orgs.password-old-wrong", field="password")
    drop_devices(user, actor=actor)


def drop_devices(user: User, *, actor: Actor) -> None:
    """Remove the person's confirmed devices and end the recovery codes; the caller holds the transaction."""
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    codes = list(OneTimeCode.objects.filter(user=user, purpose="recovery", used_at=None))
    for code in codes:
        code.used_at = actor.at
    OneTimeCode.objects.bulk_update(codes, ["used_at"])
    record(actor=actor, action="account.totp-off", changed=[(code, ["used_at"]) for code in codes])


@transaction.atomic
def use_recovery(user: User, *, code: str, at: datetime) -> bool:
    """Use up a recovery code in place of the six digits; tell whether it was one."""
    found = (
        OneTimeCode.objects.select_for_update()
        .filter(user=user, purpose="recovery", used_at=None, sha256=digest(tidy_code(code)))
        .first()
    )
    if found is None:
        return False
    found.used_at = at
    found.save(update_fields=["used_at"])
    record(actor=person_actor(user, at), action="account.recovery-used", changed=[(found, ["used_at"])])
    return True


def new_code(user: User | None, *, purpose: str, actor: Actor) -> str:
    """Make a one-time code in place of any earlier of the same purpose; the caller holds the transaction."""
    code = fresh_code()
    earlier = list(OneTimeCode.objects.select_for_update().filter(user=user, purpose=purpose, used_at=None))
    for row in earlier:
        row.used_at = actor.at
    OneTimeCode.objects.bulk_update(earlier, ["used_at"])
    made = OneTimeCode.objects.create(
        user=user,
        purpose=purpose,
        sha256=digest(tidy_code(code)),
        created_at=actor.at,
        expires_at=actor.at + VALID_FOR[purpose],
    )
    record(actor=actor, action="code.made", created=[made], changed=[(row, ["used_at"]) for row in earlier])
    return code


def _code(typed: str, *, purposes: tuple[str, ...], at: datetime) -> OneTimeCode:
    found = (
        OneTimeCode.objects.select_for_update()
        .filter(sha256=digest(tidy_code(typed)), purpose__in=purposes, used_at=None, expires_at__gt=at)
        .first()
    )
    if found is None:
        raise CodeRefused("orgs.first-code-wrong" if purposes == ("first",) else "orgs.code-wrong")
    return found


def _check_password(password: str, user: User) -> None:
    remarks = passwords.faults(password, user)
    if remarks:
        raise PasswordRefused(remarks)


def _set_password(user: User, password: str, *, at: datetime) -> list[str]:
    """Set the password, keep the old hash among the past ones, and return the sealed fields that changed."""
    _check_password(password, user)
    if user.has_usable_password():
        PastPassword.objects.create(user=user, password=user.password, set_at=at)
    user.set_password(password)
    user.password_changed_at, user.must_change_password = at, False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    stale = PastPassword.objects.filter(user=user).order_by("-set_at", "-pk")[passwords.profile().past :]
    PastPassword.objects.filter(pk__in=[row.pk for row in stale]).delete()
    return ["password_changed_at", "must_change_password"]
