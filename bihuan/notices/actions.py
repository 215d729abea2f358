"""Writing a notice: the facts are taken from the register once and frozen with the notice; no figure is typed."""

from datetime import date

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.notice_text import compose_notice
from bihuan.core.refusal import Refused
from bihuan.findings.models import Inspection
from bihuan.notices.models import Notice
from bihuan.notices.queries import facts_of, frozen
from bihuan.orgs.actions.units import filed


class NoticeRefused(Refused):
    """A notice cannot be written from what the register holds."""


@transaction.atomic
def write_notice(inspection_id: int, *, actor: Actor, as_of: date) -> Notice:
    """Write the notice of an inspection as of the end of `as_of`, freeze its facts and seal it.

    :raises NoticeRefused: ``notices.future`` for a day to come, ``notices.before`` for one before the feedback,
        ``notices.nothing`` without a problem to answer for.
    """
    inspection = Inspection.objects.select_related("organisation", "kind").get(pk=inspection_id)
    if as_of > actor.today:
        raise NoticeRefused("notices.future", day=as_of.isoformat())
    if inspection.mode == "live" and as_of.isoformat() < inspection.feedback_on:
        raise NoticeRefused("notices.before", day=as_of.isoformat(), feedback=inspection.feedback_on)
    facts = facts_of(inspection, as_of=as_of)
    if not facts.findings:
        raise NoticeRefused("notices.nothing", inspection=inspection.title)
    notice = Notice.objects.create(
        organisation_id=inspection.organisation_id,
        inspection=inspection,
        as_of=as_of,
        title=compose_notice(facts).title[:300],
        facts=frozen(facts),
        made_by_id=actor.user_id,
        made_at=actor.at,
    )
    record(actor=filed(actor, inspection.organisation_id), action="notice.write", created=[notice])
    return notice


@transaction.atomic
def withdraw_notice(notice_id: int, *, actor: Actor, reason: str) -> None:
    """Mark a notice as withdrawn; it stays in the record.

    :raises NoticeRefused: ``notices.reason-missing`` without a reason, ``notices.withdrawn`` when it is already.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if not reason.strip():
        raise NoticeRefused("notices.reason-missing")
    if notice.withdrawn:
        raise NoticeRefused("notices.withdrawn")
    notice.withdrawn = True
    notice.save(update_fields=["withdrawn"])
    record(
        actor=filed(actor, notice.organisation_id),
        action="notice.withdraw",
        changed=[(notice, ["withdrawn"])],
        reason=reason.strip(),
    )
