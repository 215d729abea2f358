"""Remarks on an object of the register, with people mentioned; withdrawn by who wrote them, never deleted."""

from collections.abc import Collection

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import Conflict, NotAllowed
from bihuan.core.register import FieldFault, text_faults
from bihuan.findings.actions.saving import filed, refuse
from bihuan.findings.models import Comment, Finding, Inspection, Problem, Task
from bihuan.notify.actions import tell
from bihuan.notify.telling import Telling
from bihuan.orgs.models import Post, User
from bihuan.orgs.queries.sight import running

MOST_MENTIONED = 20
Subject = Inspection | Finding | Problem | Task


@transaction.atomic
def comment(
    subject: Subject, *, text: str, mentioned: Collection[int] = (), url: str = "", actor: Actor
) -> Comment:
    """Write a remark and tell who is mentioned; only people with a post in the organisation can be.

    :raises Invalid: with every fault.
    """
    organisation = subject.organisation_id
    people = list(dict.fromkeys(mentioned))
    faults = list(text_faults({"remark": text}, required=("remark",)))
    if len(people) > MOST_MENTIONED:
        faults.append(FieldFault("mentioned", "closure.mentioned-many", {"most": MOST_MENTIONED}))
    posts = Post.objects.filter(
        running("", actor.today),
        person__in=people,
        person__is_active=True,
        unit__links_up__ancestor=organisation,
    )
    if len(set(posts.order_by().values_list("person_id", flat=True))) < len(people):
        faults.append(FieldFault("mentioned", "closure.mentioned-outside"))
    refuse(faults)
    row = Comment.objects.create(
        organisation_id=organisation, kind=subject.sealed_as, object_id=subject.pk, text=text.strip(),
        mentioned=people, by_id=actor.user_id, at=actor.at,
    )  # fmt: skip
    record(actor=filed(actor, organisation), action="comment.add", created=[row])
    if people:
        params = {
            "person": User.objects.filter(pk=actor.user_id or 0).values_list("name", flat=True).first()
            or actor.label,
            "number": str(getattr(subject, "number", "")),
            "title": subject.title[:40],
        }
        told = Telling("notify.mentioned", params, url, organisation, f"comment:{row.pk}", people)
        tell(told, actor=actor)
    return row


@transaction.atomic
def withdraw_comment(row: Comment, *, actor: Actor) -> Comment:
    """Mark one's own remark as withdrawn.

    :raises NotAllowed: for another's.
    """
    held = Comment.objects.select_for_update().get(pk=row.pk)
    if held.withdrawn:
        raise Conflict("closure.comment-withdrawn")
    if actor.user_id is None or held.by_id != actor.user_id:
        raise NotAllowed("closure.comment-own")
    held.withdrawn = True
    held.save(update_fields=["withdrawn"])
    record(
        actor=filed(actor, held.organisation_id), action="comment.withdraw", changed=[(held, ["withdrawn"])]
    )
    return held
