"""Taking a document in, correcting its draft, dropping it. Nothing here touches the register.

upload ─formats.read_bytes→ lines ─core.reading→ Document ─core.draft_reading→ tree ─receive→ Received + Draft
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from django.conf import settings
from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core import reading
from bihuan.core.draft_edits import Edit, apply_all, with_line
from bihuan.core.draft_reading import mode_of, tree_of
from bihuan.core.drafting import MODES, Mode, from_json, to_json
from bihuan.core.evidence.marks import mark_in
from bihuan.core.refusal import Conflict, Refused
from bihuan.core.source import Line, Source, UnreadableFile
from bihuan.documents.models import Draft, Received
from bihuan.files.actions import store_file
from bihuan.files.queries import bytes_of
from bihuan.formats import read_bytes
from bihuan.orgs.models import Unit
from bihuan.orgs.queries import require_actor

Outcome = Literal["new", "resumed", "registered"]
LONGEST_NAME = 255
#: So many lines of a paper are its head, where a classification mark stands (core.evidence.marks).
FIRST_LINES = 15


class DocumentRefused(Refused):
    """A document was not taken in; nothing of it was kept."""


class DraftClosed(Refused):
    """A draft was registered, dropped or withdrawn and cannot be changed any more."""

    status = 409


class DraftConflict(Conflict):
    """Somebody else changed the draft since it was read."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of an upload: a new draft, the open draft of the same file, or one registered already."""

    draft: Draft
    outcome: Outcome


def receive(data: bytes, *, name: str, organisation: Unit, actor: Actor, mode: Mode | None = None) -> Arrival:
    """Read a file and keep it with its draft; the same file again leads back to what is there.

    :raises NotAllowed: when the actor does not hold the office of the organisation.
    :raises DocumentRefused: when it cannot be read, or bears a classification mark.
    :raises FileRefused: when there is no room.
    """
    require_actor("write", actor, organisation)
    name = _plain_name(name)
    source = _source(name, data)
    document = reading.read(source)
    tree = tree_of(document, source.lines, mode=mode or mode_of(document))
    actor = replace(actor, organisation_id=organisation.pk)
    with transaction.atomic():
        file = store_file([data], actor=actor, type_=source.format)
        received, fresh = Received.objects.get_or_create(
            organisation=organisation,
            file=file,
            defaults={
                "name": name, "kind": document.kind, "title": document.title or "", "received_at": actor.at,
            },
        )  # fmt: skip
        if fresh:
            record(actor=actor, action="document.receive", created=[received])
        Received.objects.select_for_update().get(pk=received.pk)
        there = (
            Draft.objects.filter(document=received, state__in=("open", "registered")).order_by("-pk").first()
        )
        if there is not None:
            return Arrival(there, "resumed" if there.state == "open" else "registered")
        draft = Draft.objects.create(
            organisation=organisation, document=received, mode=tree.mode, tree=to_json(tree),
            lines=_kept(source.lines), made_by_id=actor.user_id, created_at=actor.at, changed_at=actor.at,
        )  # fmt: skip
        record(actor=actor, action="draft.create", created=[draft])
    return Arrival(draft, "new")


@transaction.atomic
def edit_draft(draft_id: int, edits: Sequence[Edit], *, revision: int, actor: Actor) -> Draft:
    """Do the edits in order, all or none.

    :raises EditRefused: when one of them cannot be done.
    :raises DraftConflict: when the draft is no longer at `revision`.
    """
    draft = open_draft(draft_id, actor=actor, revision=revision)
    tree, texts = from_json(draft.tree), {number: text for number, text, *_ in draft.lines}
    tree = apply_all(tree, edits if len(edits) > 1 else [with_line(tree, edit, texts) for edit in edits])
    return _keep(draft, to_json(tree), mode=tree.mode, actor=actor)


@transaction.atomic
def read_again(draft_id: int, *, mode: str, revision: int, actor: Actor) -> Draft:
    """Read the file anew and begin its draft again in another mode; corrections made so far are given up.

    :raises DraftConflict: when the draft is no longer at `revision`.
    """
    draft = open_draft(draft_id, actor=actor, revision=revision)
    if mode not in MODES:
        raise DocumentRefused("documents.edit-mode")
    source = _source(draft.document.name, bytes_of(draft.document.file))
    tree = tree_of(reading.read(source), source.lines, mode=cast(Mode, mode))
    draft.inspection_id = None
    draft.lines = _kept(source.lines)
    return _keep(draft, to_json(tree), mode=mode, actor=actor)


@transaction.atomic
def drop_draft(draft_id: int, *, actor: Actor) -> Draft:
    """Give a draft up; the document stays, and can be imported again.

    :raises DraftClosed: when it is not open.
    """
    draft = open_draft(draft_id, actor=actor)
    draft.state, draft.changed_at = "dropped", actor.at
    draft.revision += 1
    draft.save(update_fields=["state", "changed_at", "revision"])
    record(actor=_filed(actor, draft), action="draft.drop", changed=[(draft, ["state"])])
    return draft


def open_draft(draft_id: int, *, actor: Actor, revision: int | None = None) -> Draft:
    """Lock an open draft for an action of the office; call it inside the action's transaction.

    :raises NotAllowed: when the actor does not hold the office.
    :raises DraftClosed: when it is not open.
    :raises DraftConflict: when it is no longer at `revision`.
    """
    draft = Draft.objects.select_for_update(of=("self",)).select_related("document__file").get(pk=draft_id)
    require_actor("write", actor, draft.organisation_id)
    if draft.state != "open":
        raise DraftClosed(f"documents.draft-{draft.state}")
    if revision is not None and draft.revision != revision:
        raise DraftConflict("documents.draft-changed")
    return draft


def _keep(draft: Draft, tree: dict[str, object], *, mode: str, actor: Actor) -> Draft:
    """Write a changed draft; its tree is not sealed, what the register is told of it is."""
    sealed = [name for name, value in (("mode", mode),) if getattr(draft, name) != value]
    draft.tree, draft.mode, draft.changed_at = tree, mode, actor.at
    draft.revision += 1
    draft.save(update_fields=["tree", "lines", "mode", "inspection_id", "changed_at", "revision"])
    if sealed:
        record(actor=_filed(actor, draft), action="draft.edit", changed=[(draft, ["mode", "inspection_id"])])
    return draft


def _filed(actor: Actor, draft: Draft) -> Actor:
    return replace(actor, organisation_id=draft.organisation_id)


def _source(name: str, data: bytes) -> Source:
    """Return the lines of the file.

    :raises DocumentRefused: with the code of what is wrong with it.
    """
    try:
        source = read_bytes(name, data)
    except UnreadableFile as fault:
        raise DocumentRefused(fault.code, **fault.params) from fault
    if not source.lines:
        raise DocumentRefused("documents.without-text", name=name)
    source = replace(source, lines=tuple(_storable(line) for line in source.lines))
    if not settings.BIHUAN_CLASSIFIED:
        for line in source.lines[:FIRST_LINES]:
            if mark_in([line.text], top=1):
                raise DocumentRefused(
                    "documents.classified", line=line.place.line, text=line.text.strip()[:20]
                )
    return source


def _storable(line: Line) -> Line:
    """Return the line without what no database keeps: the null character and halves of characters."""
    if "\x00" not in line.text and line.text.isascii():
        return line
    clean = [
        text.replace("\x00", "\ufffd").encode(errors="replace").decode() for text in (line.text, *line.cells)
    ]
    return replace(line, text=clean[0], cells=tuple(clean[1:]))


def _kept(lines: Sequence[Line]) -> list[list[str | int | None]]:
    return [[line.place.line, line.text, line.place.page, line.place.cell, line.role] for line in lines]


def _plain_name(name: str) -> str:
    """Return the bare name without folders and control characters, shortened before its ending."""
    bare = "".join(one for one in name.replace("\\", "/").rpartition("/")[2] if one.isprintable()).strip()
    bare = bare or "document"
    stem, dot, ending = bare.rpartition(".")
    return bare if len(bare) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}"
