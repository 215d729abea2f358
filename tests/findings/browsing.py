"""Signing the cast in, without the page for it."""

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from bihuan.orgs.codes import digest
from bihuan.orgs.models import SessionRecord, User


def signed_in(user: User) -> Client:
    """Return a browser in which `user` is signed in, with the record of the session that the middleware asks for."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    key = (
        Session.objects.latest("expire_date").session_key
        if client.session.session_key is None
        else client.session.session_key
    )
    now = timezone.now()
    SessionRecord.objects.create(
        user=user, key_sha256=digest(key), created_at=now, last_seen_at=now, device="test"
    )
    return client
