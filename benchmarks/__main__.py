"""`make bench`: how long a person or a program waits, at 1,000, 10,000 and 50,000 tasks, on both databases.

One sequential client on loopback, one worker; p50 of the repetitions after a warm-up, and its ratio to a page of 20 KB
that costs nothing, served by the same program in the same run: compare ratios between machines, not milliseconds.
"""

import argparse
import statistics
import sys

from benchmarks import documents
from benchmarks.operations import operations
from benchmarks.serving import Client, baseline_server, memory_mb, place, seed, server


def main() -> int:
    """Measure and print one table a database and size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--sizes", default="1000,10000,50000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--repeat", type=int, default=15)
    args = parser.parse_args()
    least = baseline()
    print(f"baseline: 20 KB that cost nothing {least * 1000:.2f} ms\n")
    documents.measure()
    for vendor in args.databases.split(","):
        for size in map(int, args.sizes.split(",")):
            measure(vendor, size, repeat=args.repeat, least=least)
    return 0


def baseline() -> float:
    """Return how long the page that costs nothing takes, p50 of 50."""
    with baseline_server() as port:
        client = Client(port)
        times = [client.ask("GET", "/").seconds for _ in range(60)][10:]
    return statistics.median(times)


def measure(vendor: str, size: int, *, repeat: int, least: float) -> None:
    """Seed, serve, and print one line an operation."""
    with place(vendor) as environ:
        made = seed(environ, size)
        with server(environ) as (pid, port):
            rest = memory_mb(pid)
            print(f"{vendor}, {size:,} tasks: worker at rest {rest:.0f} MB")
            print(
                f"  {'operation':44}{'p50 ms':>10}{'p95 ms':>10}{'ratio':>9}{'target ms':>11}{'size KB':>9}{'more MB':>9}"
            )
            for operation in operations(port, made):
                before = memory_mb(pid)
                times, kilobytes = operation.run(repeat)
                times.sort()
                middle, late = statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]
                target = f"{operation.target:g}" if operation.target else ""
                print(
                    f"  {operation.name:44}{middle * 1000:>10.1f}{late * 1000:>10.1f}{middle / least:>9.1f}{target:>11}"
                    f"{kilobytes:>9.0f}{memory_mb(pid) - before:>9.1f}",
                    flush=True,
                )
            print(f"  worker after: {memory_mb(pid):.0f} MB\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
