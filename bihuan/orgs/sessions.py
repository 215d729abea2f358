"""Sessions that their owner can see and end: sign-in ─begin→ record of the session ─end→ gone.

Sessions are not sealed (docs/accounts.md); signing in and out stand in the record of attempts of django-axes.
"""

from datetime import datetime, timedelta

from django.contrib.auth import login, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from bihuan.core.refusal import NotVisible
from bihuan.orgs.codes import digest
from bihuan.orgs.edge import device
from bihuan.orgs.models import SessionRecord, User
from bihuan.web.prepared import Question

STALE = timedelta(minutes=1)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
BACKEND = "django.contrib.auth.backends.ModelBackend"

RECORD = Question(lambda key_sha256: SessionRecord.objects.filter(key_sha256=key_sha256))


@transaction.atomic
def begin(request: HttpRequest, user: User, at: datetime) -> SessionRecord:
    """Sign `user` in on this browser under a fresh session key, and keep a record of the session."""
    sweep(at)
    login(request, user, backend=BACKEND)
    request.session.save()
    return _record(request, user, at)


@transaction.atomic
def renew(request: HttpRequest, user: User, at: datetime) -> None:
    """Keep this session under a new key after the password changed, and end all others."""
    update_session_auth_hash(request, user)
    request.session.save()
    end_all(user.pk, at)
    _record(request, user, at)


def seen(request: HttpRequest, user: User, at: datetime) -> SessionRecord:
    """Return the record of this session, made now if it did not begin on our page; keep when it was seen.

    The moment is written once a minute, so that reading a page does not write.
    """
    record = RECORD.first(_key(request)) or _record(request, user, at)
    if at - record.last_seen_at > STALE and reason_to_end(record, at) is None:
        SessionRecord.objects.filter(pk=record.pk).update(last_seen_at=at)
    return record


def reason_to_end(record: SessionRecord, at: datetime) -> str | None:
    """Return why a session may not go on at this moment, or None."""
    if record.ended_at is not None:
        return "orgs.session-ended"
    if at - record.created_at > LONGEST:
        return "orgs.session-too-long"
    if at - record.last_seen_at > IDLE:
        return "orgs.session-idle"
    return None


def end_this(request: HttpRequest, at: datetime) -> None:
    """Mark the session that signs out as ended."""
    SessionRecord.objects.filter(key_sha256=_key(request), ended_at=None).update(ended_at=at)


def end_one(user: User, record_id: int, at: datetime) -> None:
    """End one of the person's own sessions.

    :raises NotVisible: when it is not there or not the person's.
    """
    if not SessionRecord.objects.filter(user=user, pk=record_id, ended_at=None).update(ended_at=at):
        raise NotVisible("orgs.session-not-found")


def end_others(request: HttpRequest, user: User, at: datetime) -> int:
    """End every session of the person but this one, and return how many were running."""
    running = [record.pk for record, mine in own(request, user, at) if not mine]
    return SessionRecord.objects.filter(pk__in=running).update(ended_at=at)


def end_all(user_id: int, at: datetime) -> None:
    """End every session of an account."""
    SessionRecord.objects.filter(user_id=user_id, ended_at=None).update(ended_at=at)


def own(request: HttpRequest, user: User, at: datetime) -> list[tuple[SessionRecord, bool]]:
    """Return the person's running sessions, newest first, each with whether it is this one."""
    mine = _key(request)
    running = SessionRecord.objects.filter(
        user=user, ended_at=None, last_seen_at__gte=at - IDLE, created_at__gte=at - LONGEST
    )
    return [(record, record.key_sha256 == mine) for record in running]


def sweep(at: datetime) -> int:
    """Drop what is left of sessions a day after they ran out, and return how many records went.

    Not earlier: a record that is gone while its session could still be used would be made anew.
    """
    Session.objects.filter(expire_date__lt=at).delete()
    return SessionRecord.objects.filter(created_at__lt=at - 2 * LONGEST).delete()[0]


def _record(request: HttpRequest, user: User, at: datetime) -> SessionRecord:
    return SessionRecord.objects.create(
        user=user,
        key_sha256=_key(request),
        created_at=at,
        last_seen_at=at,
        device=device(request),
        address=request.META.get("REMOTE_ADDR") or None,
    )


def _key(request: HttpRequest) -> str:
    return digest(request.session.session_key or "")
