"""`bihuan export`: a list of the whole installation, or of one inspection, as xlsx with all its columns.

console ─everything→ Reach ─findings.exporting→ rows as the database gives them → OUT, whole or not at all
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import xlsxwriter
from django.db import transaction
from django.utils import translation

from bihuan.cli.console import WrongUse, console_actor, language
from bihuan.core.lists import LISTINGS, Wish, wish
from bihuan.findings import cells, exporting
from bihuan.findings.actions.exports import Passing, seal_export
from bihuan.findings.models import Inspection
from bihuan.findings.queries import others
from bihuan.findings.queries.lists import Row
from bihuan.findings.queries.sight import Reach
from bihuan.findings.wording import told
from bihuan.orgs.models import Unit
from bihuan.web.catalogue import say

AT_ONCE = 200


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask for the list, the file and perhaps an inspection."""
    parser.add_argument(
        "list", choices=tuple(LISTINGS), metavar="LIST", help=say("api.export-list", lang=lang)
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help=say("api.export-out", lang=lang)
    )
    parser.add_argument("--inspection", type=int, metavar="N", help=say("api.export-inspection", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Write the list and print where it lies."""
    lang = language(args)
    listing = LISTINGS[args.list]
    params = {"columns": ",".join(column.key for column in listing.columns)}
    if args.inspection is not None:
        if "inspection" not in listing.filters:
            raise WrongUse("api.export-not-narrowed")
        if not Inspection.objects.filter(pk=args.inspection, withdrawn=False).exists():
            raise WrongUse("cli.no-such-inspection", number=args.inspection)
        params["inspection"] = str(args.inspection)
    wanted = wish(listing, params)
    with translation.override("en" if lang == "en" else "zh-hans"):
        reach = everything()
        own = args.list == "inspections"
        passing = Passing(_rows(reach, wanted) if own else exporting.rows(reach, wanted))
        with inspections(wanted, passing) if own else exporting.xlsx(reach, wanted, given=passing) as file:
            name = args.output.name[-100:]
            with transaction.atomic():  # a file that could not be written was not taken out
                seal_export(file, reach, wanted, name=name, rows=passing.count, actor=console_actor())
                _write(file, args.output)
    print(say("api.export-done", {"out": str(args.output)}, lang=lang))
    return 0


def everything() -> Reach:
    """Return the reach of whoever runs the machine: every organisation. One query."""
    organisations = Unit.objects.filter(kind="organisation").order_by("pk").values_list("pk", flat=True)
    return Reach(None, console_actor().today, tuple(organisations))


def inspections(wanted: Wish, rows: Iterable[exporting.Row]) -> IO[bytes]:
    """Return the list of inspections as a workbook; its first column is the number that other commands ask for."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(told("list-inspections")[:31])
    bold, columns = book.add_format({"bold": True}), wanted.shown()
    sheet.write_string(
        0, 0, say("api.export-number", lang="en" if translation.get_language() == "en" else "zh-Hans"), bold
    )
    for at, column in enumerate(columns, 1):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, told(f"column-{column.key}"), bold)
    for line, row in enumerate(rows, 1):
        sheet.write_number(line, 0, row["pk"])
        for at, column in enumerate(columns, 1):
            value = cells.raw(wanted.listing, column, row)
            if isinstance(value, int):
                sheet.write_number(line, at, value)
            else:
                sheet.write_string(line, at, "" if value is None else str(value))
    sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return file


def _rows(reach: Reach, wanted: Wish) -> Iterator[Row]:
    page = others.inspection_page(reach, replace(wanted, size=AT_ONCE))
    yield from page.rows
    for number in range(2, page.count + 1):
        yield from others.inspection_page(reach, replace(wanted, size=AT_ONCE, page=number)).rows


def _write(file: IO[bytes], output: Path) -> None:
    """Put the file in its place whole; a disk that is full leaves what was there.

    :raises WrongUse: when it cannot be written.
    """
    fresh = output.with_name(f".{output.name}.part")
    try:
        with fresh.open("wb") as goal:
            shutil.copyfileobj(file, goal)
        fresh.replace(output)
    except OSError as error:
        raise WrongUse("cli.cannot-write", path=str(output)) from error
    finally:
        fresh.unlink(missing_ok=True)
