"""How many documents a second one core reads and checks: a text of the samples, in this process, formats included."""

import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from bihuan.core.checking import check
from bihuan.core.reading import read
from bihuan.formats import read_bytes

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "整改通报.txt"
SECONDS = 4.0


def measure() -> None:
    """Print documents a second for reading and checking, and the ratio to folding the same text once."""
    data = SAMPLE.read_bytes()[:20_000]
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
    """Return how often `work` runs a second."""
    work()
    count, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < SECONDS:
        work()
        count += 1
    return count / spent
