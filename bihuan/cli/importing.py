"""`bihuan import`: take a document into the register without questions, or say what a person must decide."""

import argparse
import sys
from pathlib import Path

from django.db import transaction

from bihuan.audit.actor import Actor
from bihuan.cli.console import WrongUse, console_actor, language
from bihuan.core.naming import may_be_same
from bihuan.core.reading import read
from bihuan.core.reading.document import Document
from bihuan.core.refusal import Refused
from bihuan.core.source import UnreadableFile
from bihuan.documents.actions import receive
from bihuan.documents.models import Draft
from bihuan.files.actions import forget_unless_kept
from bihuan.findings.actions.registering import RegistrationRefused, aim, register
from bihuan.findings.importing.preview import preview
from bihuan.findings.models import Inspection
from bihuan.formats import read_bytes
from bihuan.orgs.actions.units import create_unit
from bihuan.orgs.models import Unit
from bihuan.web.catalogue import say


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask for the file, and where it belongs when that is not plain."""
    parser.add_argument("file", type=Path, metavar="FILE", help=say("cli.import", lang=lang))
    parser.add_argument("--organisation", metavar="NAME", help=say("cli.import-organisation", lang=lang))
    parser.add_argument("--create", action="store_true", help=say("cli.import-create", lang=lang))
    parser.add_argument("--inspection", type=int, metavar="N", help=say("cli.import-into", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Register the file and print `inspection N` first; on any refusal nothing is written."""
    lang = language(args)
    try:
        data = args.file.read_bytes()
        document = read(read_bytes(args.file.name, data))
    except OSError:
        return _unread(say("cli.cannot-read", {"path": str(args.file)}, lang=lang))
    except UnreadableFile as fault:
        return _unread(say(fault.code, fault.params, lang=lang))
    actor = console_actor()
    try:
        with transaction.atomic():
            organisation = _organisation(args.organisation, document, create=args.create, actor=actor)
            arrival = receive(data, name=args.file.name, organisation=organisation, actor=actor)
            before = arrival.outcome == "registered"
            inspection = _register(arrival.draft, args.inspection, actor=actor, lang=lang)
    except Refused:
        forget_unless_kept(data)
        raise
    print(say("cli.imported", {"number": inspection.pk}, lang=lang))
    params = {
        "name": args.file.name,
        "findings": inspection.findings.filter(withdrawn=False).count(),
        "problems": inspection.problems.filter(withdrawn=False).count(),
        "tasks": inspection.tasks.filter(withdrawn=False).count(),
    }
    print(say("cli.imported-before" if before else "cli.imported-what", params, lang=lang))
    return 0


def _unread(sentence: str) -> int:
    """Say why the file cannot be read, and give the exit code for it."""
    sys.stderr.write(f"{sentence}\n")
    return 2


def _organisation(given: str | None, document: Document, *, create: bool, actor: Actor) -> Unit:
    """Return the organisation named; else the one that the document's subject fits.

    In an empty installation, and with `create`, the organisation that the document names is made.

    :raises WrongUse: when a person must say which.
    """
    known = list(Unit.objects.filter(kind="organisation", is_active=True)[:200])
    if given:
        for unit in known:
            if given in (unit.name, unit.short_name, str(unit.pk)):
                return unit
        raise WrongUse("cli.no-such-organisation", name=given)
    subject = document.inspection.subject or document.signed_by
    if create or not known:
        if not subject:
            raise WrongUse("cli.no-subject")
        return create_unit(None, name=subject, kind="organisation", actor=actor)
    fitting = [unit for unit in known if not subject or _fits(unit, subject)]
    if len(fitting) == 1:
        return fitting[0]
    names = "、".join(unit.name for unit in (fitting or known)[:20])
    if subject and not fitting:
        raise WrongUse("cli.other-organisation", subject=subject, names=names)
    raise WrongUse("cli.which-organisation", count=len(fitting), names=names)


def _fits(unit: Unit, subject: str) -> bool:
    return subject in (unit.name, unit.short_name) or may_be_same(unit.name, subject)


def _register(draft: Draft, into: int | None, *, actor: Actor, lang: str) -> Inspection:
    """Register the draft; a plan goes into the inspection given, or into the only live one."""
    if draft.state == "open" and draft.mode == "tasks":
        live = Inspection.objects.filter(organisation_id=draft.organisation_id, mode="live", withdrawn=False)
        numbers = [into] if into else list(live.values_list("pk", flat=True)[:20])
        if not numbers:
            raise WrongUse("cli.no-live-inspection")
        if len(numbers) != 1:
            raise WrongUse("cli.which-inspection", numbers="、".join(map(str, numbers)))
        draft = aim(draft.pk, numbers[0], revision=draft.revision, actor=actor)
    elif draft.state == "open" and not any(node.kind == "problem" for node in preview(draft).tree.nodes):
        raise WrongUse("cli.nothing-found", name=draft.document.name)
    try:
        return register(draft.pk, actor=actor)
    except RegistrationRefused as refused:
        told = [
            say(fault.code, fault.params, lang=lang)
            for fault in preview(draft).faults
            if fault.severity == "error"
        ]
        raise WrongUse("cli.faults", faults="\n".join(told)) from refused
