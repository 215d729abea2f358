"""How many documents a second one core reads and checks: a text of 20 KB, in this process, formats included.

The time is what this process computed, and the quickest of many runs: what else the machine does is not in it.
"""

import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from bihuan.core.checking import check
from bihuan.core.reading import read
from bihuan.formats import read_bytes

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "整改通报.txt"
BYTES = 20_000
SECONDS = 4.0


def measure() -> None:
    """Print documents a second for reading and checking, and the ratio to folding the same text once."""
    sample = SAMPLE.read_bytes()
    data = (sample * (BYTES // len(sample) + 1))[:BYTES]
    data = data[: data.rfind(b"\n") + 1]
    text = data.decode()
    fold = rate(lambda: unicodedata.normalize("NFKC", text))
    reading = rate(lambda: read(read_bytes("text.txt", data)))
    source = read_bytes("text.txt", data)
    document = read(source)
    checking = rate(lambda: check(source, document))
    print(f"documents of {len(data) / 1000:.0f} KB: read {reading:.0f}/s (target 100), checked {checking:.0f}/s; "
          f"folding the text once {fold:.0f}/s, so reading costs {fold / reading:.0f} foldings\n")  # fmt: skip


def rate(work: Callable[[], object]) -> float:
    """Return how often `work` runs a second at its quickest."""
    work()
    best, end = float("inf"), time.process_time() + SECONDS
    while (started := time.process_time()) < end:
        work()
        best = min(best, time.process_time() - started)
    return 1 / best
