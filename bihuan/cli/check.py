"""`bihuan check`: what is wrong with a document, one row a fault, or the document back with its comments.

FILE ─formats.read_file→ ─reading.read→ ─checking.check→ rows; --docx ─comments→ OUT
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bihuan.core.checking import Fault, check
from bihuan.core.reading import read
from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import comments, read_file
from bihuan.web.catalogue import say


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Declare the arguments of the command."""
    files = say("checking.help-files", lang=lang)
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help=files)
    parser.add_argument("--json", action="store_true", help=say("checking.help-json", lang=lang))
    parser.add_argument("--docx", metavar="OUT", type=Path, help=say("checking.help-docx", lang=lang))
    parser.add_argument(
        "--profile", choices=("read", "sign"), default="read", help=say("checking.help-profile", lang=lang)
    )


def run(args: argparse.Namespace) -> int:
    """Check every file; return 1 when a fault of severity error stands, 2 when a file cannot be read."""
    if args.docx and len(args.files) > 1:
        _complain(say("checking.one-file-for-docx", lang=args.lang))
        return 2
    code = 0
    for path in args.files:
        code = max(code, _check_file(path, args))
    return code


def _check_file(path: Path, args: argparse.Namespace) -> int:
    """Check one file, print its faults, write the commented copy if asked for."""
    try:
        source = read_file(path)
    except UnreadableFile as refusal:
        message = say(refusal.code, refusal.params, lang=args.lang)
        if args.json:
            _print({"file": str(path), "error": {"code": refusal.code, "message": message}})
        else:
            _complain(f"{path}: {message}")
        return 2
    faults = check(source, read(source), profile=args.profile)
    if args.json:
        for fault in faults:
            _print(as_row(str(path), fault, args.lang))
    else:
        _print_text(path, faults, args.lang)
    if args.docx and not _write(path, source, faults, args):
        return 2
    return int(any(fault.severity == "error" for fault in faults))


def as_row(file: str, fault: Fault, lang: str) -> dict[str, Any]:
    """Return a fault as the object that `--json` prints."""
    return {
        "file": file,
        "code": fault.code,
        "variant": fault.variant,
        "severity": fault.severity,
        "message": message_of(fault, lang),
        "line": fault.place.line,
        "page": fault.place.page,
        "cell": fault.place.cell,
        "start": fault.start,
        "quote": fault.quote,
        "related": [{"line": place.line, "page": place.page, "cell": place.cell} for place in fault.related],
        "proposal": fault.proposal,
    }


def message_of(fault: Fault, lang: str) -> str:
    """Return the sentence of a fault in `lang`."""
    return say(fault.message_code, {**fault.params, "quote": fault.quote}, lang=lang)


def _print_text(path: Path, faults: tuple[Fault, ...], lang: str) -> None:
    """Print the faults for a person, one line each, and how many there are."""
    for fault in faults:
        weight = say(f"checking.severity-{fault.severity}", lang=lang)
        proposal = say("checking.proposal", {"proposal": fault.proposal}, lang=lang) if fault.proposal else ""
        values: dict[str, str | int | float | None] = {
            "file": str(path), "line": fault.place.line, "severity": weight, "code": fault.code,
            "label": say(f"checking.label-{fault.code}", lang=lang),
            "quote": fault.quote, "message": message_of(fault, lang), "proposal": proposal,
        }  # fmt: skip
        sys.stdout.write(say("checking.row", values, lang=lang).rstrip() + "\n")
    weights = ("error", "warning", "note")
    counts = {weight: sum(fault.severity == weight for fault in faults) for weight in weights}
    code = "checking.summary" if faults else "checking.nothing-found"
    sys.stdout.write(say(code, {"file": str(path), **counts}, lang=lang) + "\n")


def _write(path: Path, source: Source, faults: tuple[Fault, ...], args: argparse.Namespace) -> bool:
    """Write the document with its comments to the file asked for; say why not, if it cannot be written."""
    words = [(message_of(fault, args.lang), _proposed(fault, args.lang)) for fault in faults]
    notes = comments.notes_for(source, faults, words)
    try:
        if args.docx.exists() and args.docx.samefile(path):
            _complain(say("checking.would-overwrite", {"file": str(path)}, lang=args.lang))
            return False
        args.docx.write_bytes(_commented(path.read_bytes(), source, notes))
    except OSError as error:
        values = {"file": str(args.docx), "reason": error.strerror or str(error)}
        _complain(say("checking.cannot-write", values, lang=args.lang))
        return False
    return True


def _commented(data: bytes, source: Source, notes: list[comments.Note]) -> bytes:
    """Return the document with its comments; what is no docx itself becomes a plain docx of its lines."""
    moment = datetime.now(UTC)
    if source.format == "docx":
        try:
            return comments.annotate(data, notes, at=moment)
        except UnreadableFile:
            # An older or unusual Word file that could be read but not be written back as it is.
            pass
    return comments.annotate_lines(source, notes, at=moment)


def _proposed(fault: Fault, lang: str) -> str | None:
    """Return the sentence that proposes other words, None when a person must decide."""
    return say("checking.proposal", {"proposal": fault.proposal}, lang=lang) if fault.proposal else None


def _print(row: dict[str, Any]) -> None:
    """Print one object on one line."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _complain(message: str) -> None:
    """Print a message about the command itself, apart from its output."""
    sys.stderr.write(message + "\n")
