"""A superior's form: registered by its file, its cells mapped; filling writes nothing to the register."""

import hashlib
from collections.abc import Sequence

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.form_mapping import SUBJECTS, Mapped, mapping_faults
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.files.actions import store_file
from bihuan.files.queries import bytes_of
from bihuan.findings.actions.saving import filed, locked, refuse
from bihuan.formats.form_fill import read_form
from bihuan.orgs.models import Unit
from bihuan.orgs.queries import require
from bihuan.oversight.models import FormCell, FormTemplate


@transaction.atomic
def register_form(
    organisation: Unit, *, name: str, file_name: str, data: bytes, subject: str, actor: Actor
) -> FormTemplate:
    """Register a docx or xlsx form of a superior.

    :raises Refused: forms.there-already for a file that is registered.
    :raises UnreadableFile: for what is no form.
    """
    require("write", actor.user_id, organisation, today=actor.today)
    faults = [] if name.strip() else [FieldFault("name", "forms.no-name")]
    if subject not in SUBJECTS:
        faults.append(FieldFault("subject", "forms.subject", {"value": subject[:20]}))
    refuse(faults)
    kind, _grid = read_form(file_name, data)
    sha256 = hashlib.sha256(data).hexdigest()
    there = FormTemplate.objects.filter(organisation=organisation, sha256=sha256, withdrawn=False).first()
    if there is not None:
        raise Refused("forms.there-already", name=there.name)
    file = store_file([data], actor=filed(actor, organisation.pk), type_=kind)
    row = FormTemplate.objects.create(
        organisation=organisation, name=name.strip()[:200], kind=kind, subject=subject, file=file, sha256=sha256,
        made_by_id=actor.user_id or 0, created_at=actor.at,
    )  # fmt: skip
    record(actor=filed(actor, organisation.pk), action="form.create", created=[row])
    return row


@transaction.atomic
def map_cells(form: FormTemplate, cells: Sequence[Mapped], *, actor: Actor) -> FormTemplate:
    """Let these cells be filled, and no others; the whole mapping is given.

    :raises Invalid: with every fault; nothing is written.
    """
    row = locked(form)
    require("write", actor.user_id, row.organisation_id, today=actor.today)
    _kind, grid = read_form(f"form.{row.kind}", bytes_of(row.file))
    refuse(mapping_faults(cells, subject=row.subject, grid=grid))
    wanted = {one.place: (one.field, one.repeats) for one in cells}
    held = {one.place: one for one in row.cells.all()}
    same = {place for place, one in held.items() if wanted.get(place) == (one.field, one.repeats)}
    gone = [one for place, one in held.items() if place not in same]
    sealed = [FormCell(pk=one.pk, template=row, place=one.place, field=one.field) for one in gone]
    FormCell.objects.filter(pk__in=[one.pk for one in gone]).delete()
    made = [
        FormCell.objects.create(template=row, place=place, field=field, repeats=repeats)
        for place, (field, repeats) in wanted.items()
        if place not in same
    ]
    if made or sealed:
        record(actor=filed(actor, row.organisation_id), action="form.map", created=made, removed=sealed)
    return row


@transaction.atomic
def withdraw_form(form: FormTemplate, *, reason: str, actor: Actor) -> FormTemplate:
    """Take a form out of use; it stays, marked.

    :raises Invalid: without a reason.
    """
    row = locked(form)
    require("write", actor.user_id, row.organisation_id, today=actor.today)
    refuse([] if reason.strip() else [FieldFault("reason", "findings.required")])
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    record(
        actor=filed(actor, row.organisation_id),
        action="form.withdraw",
        changed=[(row, ("withdrawn",))],
        reason=reason.strip()[:500],
    )
    return row
