"""`bihuan read`: what a document says, as JSON for programs or as a summary for a person.

files ─formats.read_file→ ─reading.read→ one JSON object a line, or a page a person reads
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bihuan.core.reading import asdict, read
from bihuan.core.reading.document import Document
from bihuan.core.source import UnreadableFile
from bihuan.formats import read_file
from bihuan.web.catalogue import say


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Declare the arguments of `bihuan read`."""
    parser.add_argument("--json", action="store_true", help=say("reading.help-json", lang=lang))
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=say("reading.help-files", lang=lang)
    )


def run(args: argparse.Namespace) -> int:
    """Read each file and print it; return 2 when one could not be read, the others are printed all the same."""
    code = 0
    for path in args.files:
        try:
            document = read(read_file(path))
        except UnreadableFile as error:
            code = 2
            _refuse(path, error, as_json=args.json, lang=args.lang)
            continue
        if args.json:
            print(json.dumps(_spoken(document, str(path), args.lang), ensure_ascii=False))
        else:
            print(_summary(document, str(path), args.lang))
    return code


def _refuse(path: Path, error: UnreadableFile, *, as_json: bool, lang: str) -> None:
    """Say why a file cannot be read."""
    message = say(error.code, error.params, lang=lang)
    if as_json:
        print(
            json.dumps(
                {"file": str(path), "error": {"code": error.code, "message": message}}, ensure_ascii=False
            )
        )
    else:
        print(say("reading.unreadable", {"file": str(path), "message": message}, lang=lang), file=sys.stderr)


def _spoken(document: Document, name: str, lang: str) -> dict[str, Any]:
    """Return the document as JSON values with the path as given and the warnings as sentences."""
    values = asdict(document)
    values["file"] = name
    for warning, remark in zip(values["warnings"], document.warnings, strict=True):
        del warning["params"]
        warning["message"] = say(remark.code, remark.params, lang=lang)
    return values


def _summary(document: Document, name: str, lang: str) -> str:
    """Write what was understood on a few lines."""
    facts = document.inspection
    problems = [problem for finding in document.findings for problem in finding.problems]
    period = f"{facts.starts_on} – {facts.ends_on}" if facts.starts_on and facts.ends_on else facts.starts_on
    rows = [
        ("kind", say(f"reading.kind-{document.kind}", lang=lang)),
        ("title", document.title),
        ("subject", facts.subject),
        ("inspection", facts.kind),
        ("team", facts.team),
        ("period", period),
        ("fed-back", facts.feedback_on),
        ("as-of", document.as_of),
        ("declared", _declared(document, lang)),
        ("listed", say("reading.listed", {"findings": len(document.findings), "problems": len(problems),
            "tasks": len(document.tasks)}, lang=lang)),
        ("phone", document.contact.phone),
        ("post", document.contact.post),
        ("email", document.contact.email),
        ("signed", " ".join(filter(None, (document.signed_by, document.signed_on))) or None),
        ("published", document.published_on),
    ]  # fmt: skip
    unknown = say("reading.unknown", lang=lang)
    lines = [name, *(f"  {say(f'reading.label-{key}', lang=lang)}{value or unknown}" for key, value in rows)]
    for finding in document.findings:
        lines.append(f"  {finding.number} {finding.title}".rstrip())
        lines.extend(f"      {p.number} {p.title}".rstrip() for p in finding.problems)
    for remark in document.warnings:
        where = say("reading.at-line", {"line": remark.place.line}, lang=lang) if remark.place else ""
        lines.append(f"  ! {where}{say(remark.code, remark.params, lang=lang)}")
    return "\n".join(lines)


def _declared(document: Document, lang: str) -> str | None:
    """Name the numbers that the document declares."""
    named = [f"{say(f'reading.tally-{figure.key}', lang=lang)} {figure.value}" for figure in document.tally]
    return say("reading.and", lang=lang).join(named) or None
