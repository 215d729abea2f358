"""Sessions that their owner can see and end: sign-in ─begin→ record of the session ─end→ gone.

Sessions are not sealed (docs/accounts.md); signing in and out stand in the record of attempts of django-axes.
"""

from datetime import datetime, timedelta

from django.contrib.auth import login, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from bihuan.core.refusal import NotVisible
from bihuan.orgs.edge import device, digest
from bihuan.orgs.models import SessionRecord, User

STALE = timedelta(minutes=1)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@transaction.atomic
def begin(request: HttpRequest, user: User, at: datetime) -> SessionRecord:
    """Sign `user` in on this browser under a fresh session key, and keep a record of the session."""
    login(request, user, backend=BACKEND)
    request.session.save()
    return SessionRecord.objects.create(
        user=user,
        key_sha256=digest(request.session.session_key or ""),
        created_at=at,
        last_seen_at=at,
        device=device(request),
        address=request.META.get("REMOTE_ADDR") or None,
    )


@transaction.atomic
def renew(request: HttpRequest, user: User, at: datetime) -> None:
    """Keep this session under its new key after the password changed, and end all others."""
    update_session_auth_hash(request, user)
    request.session.save()
    end_all(user.pk)
    SessionRecord.objects.create(
        user=user,
        key_sha256=digest(request.session.session_key or ""),
        created_at=at,
        last_seen_at=at,
        device=device(request),
        address=request.META.get("REMOTE_ADDR") or None,
    )


def touch(record: SessionRecord, at: datetime) -> None:
    """Keep when the session was last seen; once a minute, so that reading does not write."""
    if at - record.last_seen_at > STALE:
        SessionRecord.objects.filter(pk=record.pk).update(last_seen_at=at)


def end_this(request: HttpRequest) -> None:
    """Forget the record of the session that signs out."""
    SessionRecord.objects.filter(key_sha256=digest(request.session.session_key or "")).delete()


def end_one(user: User, record_id: int) -> None:
    """End one of the person's own sessions.

    :raises NotVisible: when it is not there or not the person's.
    """
    if not SessionRecord.objects.filter(user=user, pk=record_id).delete()[0]:
        raise NotVisible("orgs.session-not-found")


def end_others(request: HttpRequest, user: User) -> int:
    """End every session of the person but this one, and return how many."""
    mine = digest(request.session.session_key or "")
    return SessionRecord.objects.filter(user=user).exclude(key_sha256=mine).delete()[0]


def end_all(user_id: int) -> None:
    """End every session of an account; what is left of them cannot be used."""
    SessionRecord.objects.filter(user_id=user_id).delete()


def own(request: HttpRequest, user: User) -> list[tuple[SessionRecord, bool]]:
    """Return the person's sessions, newest first, each with whether it is this one."""
    mine = digest(request.session.session_key or "")
    return [(record, record.key_sha256 == mine) for record in SessionRecord.objects.filter(user=user)]


def sweep(at: datetime) -> int:
    """Drop the sessions that ran out, from both tables, and return how many records went."""
    Session.objects.filter(expire_date__lt=at).delete()
    return SessionRecord.objects.filter(created_at__lt=at - timedelta(hours=12)).delete()[0]
