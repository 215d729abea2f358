"""A person's saved views of lists. Not sealed: they are how a person looks, not what is registered."""

from django.db import transaction

from bihuan.audit.actor import Actor
from bihuan.core.lists import LISTINGS, wish
from bihuan.core.refusal import NotAllowed, Refused
from bihuan.core.register import FieldFault, text_faults
from bihuan.findings.actions.saving import refuse
from bihuan.findings.models import SavedView
from bihuan.findings.queries.choices import MOST_VIEWS


@transaction.atomic
def save_view(listing: str, name: str, params: dict[str, str], *, actor: Actor) -> SavedView:
    """Save a list as it stands under a name; the same name again replaces what it held.

    :raises Invalid: for a name that is empty or too long.
    :raises Refused: for a list that there is not, or a filter that it does not know.
    """
    if listing not in LISTINGS:
        raise Refused("findings.unknown-filter", value=listing[:30])
    if actor.user_id is None:
        raise NotAllowed("findings.view-of-person")
    name = name.strip()
    refuse(list(text_faults({"name": name}, required=("name",))))
    own = SavedView.objects.filter(owner_id=actor.user_id, list=listing)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        refuse([FieldFault("name", "findings.too-many-views", {"most": MOST_VIEWS})])
    query = wish(LISTINGS[listing], params).address()
    return SavedView.objects.update_or_create(
        owner_id=actor.user_id,
        list=listing,
        name=name,
        defaults={"query": query},
        create_defaults={"query": query, "created_at": actor.at},
    )[0]


@transaction.atomic
def drop_view(view: SavedView, *, actor: Actor) -> None:
    """Forget a saved view of the person who acts."""
    SavedView.objects.filter(pk=view.pk, owner_id=actor.user_id).delete()
