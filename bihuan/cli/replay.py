"""`bihuan replay`: walk the sealed record and compare it with the tables; name whatever does not hold."""

import argparse
from itertools import chain, islice

from bihuan.audit.queries import chain_breaks, checkpoint, table_breaks
from bihuan.cli.console import language
from bihuan.core.source import Params
from bihuan.web.catalogue import say

MOST_SHOWN = 100


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Take no arguments."""


def run(args: argparse.Namespace) -> int:
    """Print every break (the first 100) and return 1, or the number of events and the root of the tree and return 0."""
    lang = language(args)
    found = list(islice(chain(chain_breaks(), table_breaks()), MOST_SHOWN))
    for one in found:
        thing = say(f"audit.kind-{one.kind.replace('_', '-')}", lang=lang) if one.kind else ""
        params: Params = {"seq": one.seq, "thing": thing, "object": one.object_id, "field": one.field}
        print(say(one.code, params, lang=lang))
    if found:
        return 1
    size, root = checkpoint()
    print(say("audit.whole", {"size": size, "root": root}, lang=lang))
    return 0
