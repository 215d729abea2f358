"""What a unit answers to a letter, and whether the issuer lets it stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.letters import AWAITED, DELIVERED, DRAFT, REPLIED
from bihuan.core.meetings import text_faults
from bihuan.core.refusal import NotAllowed
from bihuan.core.register import FieldFault
from bihuan.files.actions import store_file
from bihuan.files.models import StoredFile
from bihuan.findings.actions.saving import filed, refuse
from bihuan.oversight.actions.saving import change, locked, needed
from bihuan.oversight.models import Letter, LetterReply
from bihuan.oversight.queries.doors import acting, issuing


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as text, as a file or both. On paper: `signer` signed it on `on`, and the issuer writes it down."""

    text: str = ""
    file: StoredFile | None = None
    file_name: str = ""
    signer: str = ""
    on: date | None = None


def stored(chunks: Iterable[bytes], *, name: str, organisation_id: int, actor: Actor) -> StoredFile:
    """Keep the file of a reply and return its row; the reply itself is another act."""
    return store_file(
        chunks, actor=filed(actor, organisation_id), type_=Path(name).suffix.lstrip(".").lower()[:20] or "bin"
    )


@transaction.atomic
def reply_to(letter: Letter, reply: Reply, *, actor: Actor) -> LetterReply:
    """Answer an issued letter: its unit itself, or the issuer for a reply that came on paper.

    :raises Invalid: with every fault.
    :raises NotAllowed: for a draft, a letter that has ended or was answered, and for anybody else.
    """
    row = locked(letter)
    by, own = _replying(row, actor)
    if row.state == DRAFT:
        raise NotAllowed("oversight.letter-draft")
    if row.state not in AWAITED:
        raise NotAllowed("oversight.letter-answered" if row.state == REPLIED else "oversight.letter-ended")
    day = by.today if own else (reply.on or by.today)
    faults = list(text_faults({"text": reply.text, "signer": reply.signer}))
    if not reply.text.strip() and reply.file is None:
        faults.append(FieldFault("text", "oversight.reply-empty"))
    if not own and not reply.signer.strip():
        faults.append(FieldFault("signer", "oversight.reply-signer"))
    if day > by.today or (row.issued_on is not None and day < row.issued_on):
        faults.append(FieldFault("replied_on", "oversight.reply-when"))
    refuse(faults)
    made = LetterReply.objects.create(
        letter=row, replied_on=day, replied_by_id=by.user_id, signer=reply.signer.strip(), text=reply.text.strip(),
        file=reply.file, file_name=reply.file_name[:200], created_at=by.at,
    )  # fmt: skip
    record(actor=filed(by, row.organisation_id), action="letter.reply", created=[made])
    change(row, {"state": REPLIED}, action="letter.reply", actor=by)
    return made


@transaction.atomic
def judge_reply(reply: LetterReply, *, taken: bool, note: str = "", actor: Actor) -> LetterReply:
    """Let a reply stand, or give it back with a reason: then another one is awaited.

    :raises Invalid: when it is given back without a reason.
    :raises NotAllowed: when it was judged already.
    """
    letter = locked(reply.letter)
    by = issuing(letter, actor)
    row = LetterReply.objects.select_for_update().get(pk=reply.pk)
    if row.taken is not None:
        raise NotAllowed("oversight.reply-judged")
    if letter.state != REPLIED:
        raise NotAllowed("oversight.letter-ended")
    refuse(list(text_faults({"reason": note})))
    row.taken, row.note = taken, note.strip() if taken else needed(note)
    row.save(update_fields=["taken", "note"])
    record(actor=filed(by, letter.organisation_id), action="letter.judge", changed=[(row, ["taken", "note"])])
    if not taken:
        change(letter, {"state": DELIVERED}, action="letter.judge", actor=by)
    return row


def _replying(letter: Letter, actor: Actor) -> tuple[Actor, bool]:
    """Return who answers, and whether as the unit; else it is the issuer that writes a paper down."""
    try:
        return acting("report", actor, letter.unit_id), True
    except NotAllowed as refused:
        try:
            return issuing(letter, actor), False
        except NotAllowed:
            raise refused from None
