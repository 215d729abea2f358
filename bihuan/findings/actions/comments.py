"""Remarks on an object of the register, with people mentioned; withdrawn by who wrote them, never deleted."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar, Protocol

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.refusal import Conflict, NotAllowed
from bihuan.core.register import FieldFault, text_faults
from bihuan.findings.actions.saving import filed, refuse
from bihuan.findings.models import Comment, Evidence, Finding, Problem, Task
from bihuan.notify.actions import tell
from bihuan.notify.telling import Telling
from bihuan.orgs.models import Post, User
from bihuan.orgs.queries.sight import running

MOST_MENTIONED = 20
LONGEST_TITLE = 40


class Subject(Protocol):
    """An object of an organisation that is sealed: whatever is, can be remarked on."""

    sealed_as: ClassVar[str]
    organisation_id: Any
    pk: Any


@transaction.atomic
def comment(
    subject: Subject,
    *,
    text: str,
    sees: Callable[[User], bool],
    mentioned: Collection[int] = (),
    url: str = "",
    actor: Actor,
) -> Comment:
    """Write a remark and tell who is mentioned: people with a post in the organisation, who see the object (`sees`).

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
    refuse(
        [
            FieldFault("mentioned", "beside.mentioned-blind", {"name": one.name})
            for one in User.objects.filter(pk__in=people)
            if not sees(one)
        ]
    )
    row = Comment.objects.create(
        organisation_id=organisation, kind=subject.sealed_as, object_id=subject.pk, text=text.strip(),
        mentioned=people, by_id=actor.user_id, at=actor.at,
    )  # fmt: skip
    record(actor=filed(actor, organisation), action="comment.add", created=[row])
    if people:
        number, title = _named(subject, row)
        said = User.objects.filter(pk=actor.user_id or 0).values_list("name", flat=True).first()
        params = {"person": said or actor.label, "number": number, "title": title}
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


def title_of(subject: Subject) -> str:
    """Return what an object is called, cut to what a line holds."""
    named = (getattr(subject, field, "") for field in ("title", "name", "text"))
    return next((text for text in named if text), str(subject))[:LONGEST_TITLE]


def _named(subject: Subject, row: Comment) -> tuple[str, str]:
    """Return where a remark stands: number and title; for what has no number its title, and how the remark begins."""
    if isinstance(subject, Evidence):
        return subject.task.number, title_of(subject)
    if isinstance(subject, Finding | Problem | Task):
        return subject.number, title_of(subject)
    return title_of(subject), row.text[:LONGEST_TITLE]
