"""`bihuan write`: the notice of an inspection as docx, PDF or txt, every figure from the register."""

import argparse
from pathlib import Path

from bihuan.cli.console import WrongUse, console_actor, day, language
from bihuan.core.notice_text import compose_notice
from bihuan.findings.models import Inspection
from bihuan.formats.papers import write_paper
from bihuan.notices.actions import write_notice
from bihuan.notices.queries import thawed
from bihuan.orgs.actions.units import filed
from bihuan.web.catalogue import say

FORMATS = ("docx", "pdf", "txt")


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask for the inspection, the day, the format and the file."""
    parser.add_argument("inspection", type=int, metavar="N", help=say("cli.write-inspection", lang=lang))
    parser.add_argument("--as-of", metavar="DATE", help=say("cli.write-as-of", lang=lang))
    parser.add_argument("--format", choices=FORMATS, help=say("cli.write-format", lang=lang))
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help=say("cli.write-output", lang=lang)
    )
    parser.add_argument("--office-copy", action="store_true", help=say("cli.write-office", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Write the notice, freeze and seal its facts, and print where it lies."""
    lang = language(args)
    inspection = Inspection.objects.filter(pk=args.inspection, withdrawn=False).first()
    if inspection is None:
        raise WrongUse("cli.no-such-inspection", number=args.inspection)
    form = args.format or args.output.suffix.lstrip(".").lower()
    if form not in FORMATS:
        raise WrongUse("cli.no-such-format", given=form, known=" ".join(FORMATS))
    actor = filed(console_actor(), inspection.organisation_id)
    notice = write_notice(inspection.pk, actor=actor, as_of=day(args.as_of) if args.as_of else actor.today)
    written = write_paper(compose_notice(thawed(notice.facts), office_copy=args.office_copy), form)
    fresh = args.output.with_name(f".{args.output.name}.part")
    try:
        fresh.write_bytes(written.content)
        fresh.replace(args.output)
    except OSError as error:
        raise WrongUse("cli.cannot-write", path=str(args.output)) from error
    finally:
        fresh.unlink(missing_ok=True)
    for remark in written.remarks:
        print(say(remark.code, remark.params, lang=lang))
    print(say("cli.written", {"path": str(args.output), "title": notice.title}, lang=lang))
    return 0
