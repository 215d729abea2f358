"""Letters, only where BIHUAN_MAIL_URL is set: account ─send_reset→ a letter with a one-time code, or nothing.

``smtp://user:password@host:587/?tls=1&from=office@example.org``; for trying it out, ``file:///folder`` or ``console:``
"""

import logging
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from bihuan.audit.actor import Actor
from bihuan.orgs.actions.accounts import new_code
from bihuan.orgs.models import User
from bihuan.web import catalogue

log = logging.getLogger(__name__)

BACKENDS = "django.core.mail.backends"


def is_set_up() -> bool:
    """Tell whether this installation sends mail."""
    return bool(settings.ENVIRONMENT.mail_url)


@transaction.atomic
def send_reset(username: str, *, at: datetime, site: str) -> None:
    """Send a code to the address of the account; whether there is one cannot be seen from outside.

    A letter that could not be sent is logged, and its code is not kept.
    """
    user = (
        User.objects.select_for_update().filter(username=username, is_active=True).exclude(email="").first()
    )
    if user is None:
        return
    actor = Actor(user_id=None, label="mail:reset", at=at, zone=settings.TIME_ZONE)
    try:
        with transaction.atomic():
            code = new_code(user, purpose="reset", actor=actor)
            _letter(user, code=code, site=site).send()
    except OSError:
        log.exception("The letter with a one-time code could not be sent")


def _letter(user: User, *, code: str, site: str) -> EmailMessage:
    params = {"name": user.name, "code": code, "site": f"{site}code/"}
    return make_letter(
        user.email,
        catalogue.say("orgs.mail-subject", lang=user.language),
        catalogue.say("orgs.mail-body", params, lang=user.language),
    )


def make_letter(to: str, subject: str, body: str) -> EmailMessage:
    """Return a letter that is ready to be sent as BIHUAN_MAIL_URL says: by SMTP, into a folder, or onto the console."""
    url = urlsplit(settings.ENVIRONMENT.mail_url)
    options = parse_qs(url.query)
    if url.scheme == "file":
        connection = get_connection(f"{BACKENDS}.filebased.EmailBackend", file_path=unquote(url.path))
    elif url.scheme == "console":
        connection = get_connection(f"{BACKENDS}.console.EmailBackend")
    else:
        connection = get_connection(
            host=url.hostname,
            port=url.port or 25,
            username=unquote(url.username or ""),
            password=unquote(url.password or ""),
            use_tls=options.get("tls") == ["1"],
            use_ssl=url.scheme == "smtps",
            timeout=10,
        )
    sender = options.get("from", ["bihuan@localhost"])[0]
    return EmailMessage(subject=subject, body=body, from_email=sender, to=[to], connection=connection)
