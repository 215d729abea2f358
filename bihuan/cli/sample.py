"""`bihuan sample`: draw the sample of a round again, on any machine, from the seed and the list alone.

FILE ─formats.table_file→ rows ─core.sampling.draw→ what was drawn, the tickets, and how to check one by hand
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bihuan.cli.console import WrongUse
from bihuan.core.sampling import Item, Sample, bound_digest, by_hand, draw
from bihuan.core.source import UnreadableFile
from bihuan.formats import read_path
from bihuan.formats.table_file import read_table
from bihuan.web.catalogue import say

ID_HEADS = ("id", "编号", "序号", "任务编号", "number")


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Ask for the seed, the size, the strata and the list."""
    parser.add_argument("file", type=Path, metavar="FILE", help=say("sampling.help-file", lang=lang))
    parser.add_argument("--seed", required=True, help=say("sampling.help-seed", lang=lang))
    parser.add_argument(
        "--size", type=int, required=True, metavar="N", help=say("sampling.help-size", lang=lang)
    )
    parser.add_argument("--strata", default="", metavar="A,B", help=say("sampling.help-strata", lang=lang))
    parser.add_argument(
        "--weights", default="", metavar="V=N,…", help=say("sampling.help-weights", lang=lang)
    )
    parser.add_argument("--id", default="", metavar="COLUMN", help=say("sampling.help-id", lang=lang))
    parser.add_argument("--verify", type=Path, metavar="DRAWN", help=say("sampling.help-verify", lang=lang))
    parser.add_argument("--json", action="store_true", help=say("sampling.help-json", lang=lang))


def run(args: argparse.Namespace) -> int:
    """Print the sample; exit 1 when the list is not that of the seed, or the sample not the one to verify."""
    strata = tuple(name.strip() for name in args.strata.split(",") if name.strip())
    try:
        items = _items(read_table(args.file.name, read_path(args.file)), strata, wanted=args.id)
        claimed = _claimed(args) if args.verify else None
    except UnreadableFile as refusal:
        sys.stderr.write(say(refusal.code, refusal.params, lang=args.lang) + "\n")
        return 2
    sample = draw(items, seed=args.seed, size=args.size, strata=strata, weights=_weights(args.weights))
    frozen = bound_digest(args.seed)
    if args.json:
        print(json.dumps(_plain(sample), ensure_ascii=False))
    else:
        _print(sample, args.lang)
    code = 0
    if frozen is not None and frozen != sample.digest:
        _complain("sampling.other-list", {"frozen": frozen, "digest": sample.digest}, args.lang)
        code = 1
    if claimed is not None:
        code = max(code, _compare(sample, claimed, args.lang))
    return code


def _items(rows: Sequence[Sequence[str]], strata: Sequence[str], *, wanted: str) -> list[Item]:
    """Return the rows below the head as items.

    :raises WrongUse: for a column that is not there.
    """
    head, *body = rows
    places = {title: at for at, title in reversed(list(enumerate(head)))}
    missing = [name for name in (*strata, *([wanted] if wanted else ())) if name not in places]
    if missing:
        raise WrongUse("sampling.no-column", name="、".join(missing), known="、".join(head)[:200])
    own = places[wanted] if wanted else _id_column(head)
    cells = [[*row, *[""] * (len(head) - len(row))] for row in body]
    return [Item(row[own], tuple(row[places[name]] for name in strata)) for row in cells]


def _id_column(head: Sequence[str]) -> int:
    lowered = [title.lower() for title in head]
    return next((lowered.index(name) for name in ID_HEADS if name in lowered), 0)


def _weights(text: str) -> Mapping[str, int]:
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        value, mark, number = part.rpartition("=")
        if not mark or not value.strip() or not (number.isascii() and number.isdecimal()):
            raise WrongUse("sampling.weights-form", given=part[:60])
        found[value.strip()] = int(number)
    return found


def _claimed(args: argparse.Namespace) -> frozenset[str]:
    rows = read_table(args.verify.name, read_path(args.verify))
    return frozenset(item.id for item in _items(rows, (), wanted=""))


def _plain(sample: Sample) -> dict[str, object]:
    return {
        "seed": sample.seed,
        "digest": sample.digest,
        "size": len(sample.drawn),
        "items": len(sample.tickets),
        "strata": [{"key": list(one.key), "items": one.size, "drawn": one.drawn} for one in sample.strata],
        "drawn": [
            {"id": one.item.id, "stratum": list(one.item.stratum), "rank": one.rank, "ticket": one.number}
            for one in sample.drawn
        ],
    }


def _print(sample: Sample, lang: str) -> None:
    """Print the sample for a person: the list, the shares of the strata, the tickets, and one by hand."""
    counts: dict[str, str | int | float | None] = {
        "items": len(sample.tickets),
        "drawn": len(sample.drawn),
        "seed": sample.seed,
    }
    print(say("sampling.list-digest", {"digest": sample.digest}, lang=lang))
    print(say("sampling.drawn-of", counts, lang=lang))
    for stratum in sample.strata:
        name = "/".join(stratum.key) or say("sampling.whole-list", lang=lang)
        print(
            say("sampling.stratum", {"name": name, "items": stratum.size, "drawn": stratum.drawn}, lang=lang)
        )
    for one in sample.drawn:
        print(f"{one.item.id}\t{'/'.join(one.item.stratum)}\t{one.rank}\t{one.number}")
    first = sample.drawn[0]
    print(
        say(
            "sampling.by-hand",
            {"id": first.item.id, "command": by_hand(sample.seed, first.item.id)},
            lang=lang,
        )
    )


def _compare(sample: Sample, claimed: frozenset[str], lang: str) -> int:
    drawn = {one.item.id for one in sample.drawn}
    if drawn == claimed:
        sys.stderr.write(say("sampling.same", {"drawn": len(drawn)}, lang=lang) + "\n")
        return 0
    values = {
        "more": "、".join(sorted(claimed - drawn)) or "—",
        "less": "、".join(sorted(drawn - claimed)) or "—",
    }
    _complain("sampling.differs", values, lang)
    return 1


def _complain(code: str, values: Mapping[str, str], lang: str) -> None:
    sys.stderr.write(say(code, dict(values), lang=lang) + "\n")
