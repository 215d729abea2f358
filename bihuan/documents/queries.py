"""Reading documents and drafts: the one door to each.

Not in sight is NotVisible (404). A draft is the office's own paper: without the office, NotAllowed (403).
"""

from datetime import date

from django.db.models import QuerySet

from bihuan.core.drafting import Tree, from_json
from bihuan.core.refusal import NotVisible
from bihuan.core.source import Line, Place
from bihuan.documents.models import Draft, Received
from bihuan.orgs.models import Unit, User
from bihuan.orgs.queries import require, sight


def document_for(user: User, document_id: int, today: date) -> Received:
    """Return a document that `user` sees: whoever sees its organisation.

    :raises NotVisible: when there is none for this person.
    """
    seen = sight(user, today)
    rows = Received.objects.select_related("file", "organisation")
    found = rows.filter(seen.q("organisation"), pk=document_id).first()
    if found is None:
        raise NotVisible("documents.not-found")
    return found


def draft_for(user: User, draft_id: int, today: date) -> Draft:
    """Return a draft that `user` may work on, whatever its state.

    :raises NotVisible: when there is none for this person.
    :raises NotAllowed: when the person sees the organisation but does not hold the office.
    """
    seen = sight(user, today)
    rows = Draft.objects.select_related("document__file", "organisation", "made_by")
    found = rows.filter(seen.q("organisation"), pk=draft_id).first()
    if found is None:
        raise NotVisible("documents.draft-not-found")
    require("write", user, found.organisation_id, today=today)
    return found


def organisations_to_write(user: User, today: date) -> QuerySet[Unit]:
    """Return the organisations into whose register `user` may bring documents."""
    return Unit.objects.filter(pk__in=sight(user, today).writable, kind="organisation", is_active=True)


def drafts_seen(user: User, today: date) -> QuerySet[Draft]:
    """Return the drafts that `user` may work on, the last changed first, without their trees and lines."""
    return (
        Draft.objects.filter(organisation__in=sight(user, today).writable)
        .select_related("document", "organisation", "made_by")
        .defer("tree", "lines")
        .order_by("-changed_at", "-pk")
    )


def tree_of_draft(draft: Draft) -> Tree:
    """Return what the draft holds."""
    return from_json(draft.tree)


def lines_of_draft(draft: Draft) -> list[Line]:
    """Return the document's lines as they were read."""
    return [
        Line(text, Place(number, page, cell), role=role) for number, text, page, cell, role in draft.lines
    ]
