"""`make bench`: how long a person or a program waits, at 1,000, 10,000 and 50,000 tasks, on both databases.

One sequential client on loopback, one worker; p50 of the repetitions after a warm-up, and its ratio to a page of 20 KB
that costs nothing, served by the same program in the same run: compare ratios between machines, not milliseconds.
"work ms" is what the worker itself computed for each request, whatever else the machine was doing.
"""

import argparse
import os
import statistics
import sys
import time

from benchmarks import documents
from benchmarks.operations import Operation, operations
from benchmarks.serving import Client, baseline_server, computed_seconds, memory_mb, place, seed, server


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
    """Seed, serve, and print one line an operation; pages and API apart."""
    started = time.monotonic()
    with place(vendor) as environ:
        made = seed(environ, size)
        print(f"{vendor}, {size:,} tasks: filled in {time.monotonic() - started:.0f} s")
        with server(environ) as (pid, port):
            print(f"  worker at rest: {memory_mb(pid):.0f} MB", flush=True)
            part = ""
            for operation in operations(port, made):
                if (now := operation.name.partition(":")[0]) != part:
                    part = now
                    head(part)
                line(pid, operation, repeat=repeat, least=least)
            print(f"  worker after: {memory_mb(pid):.0f} MB", flush=True)
        print(
            f"  load of the machine {os.getloadavg()[0]:.1f}; {time.monotonic() - started:.0f} s in all\n",
            flush=True,
        )


def head(part: str) -> None:
    """Print the headings of a part."""
    columns = ("p50 ms", "p95 ms", "work ms", "ratio", "target ms", "size KB", "more MB")
    print(f"  {'pages' if part == 'page' else 'API':44}" + "".join(f"{word:>11}" for word in columns))


def line(pid: int, operation: Operation, *, repeat: int, least: float) -> None:
    """Measure one operation and print its line."""
    before, spent = memory_mb(pid), computed_seconds(pid)
    times, kilobytes = operation.run(repeat)
    work = (computed_seconds(pid) - spent) / (len(times) + operation.warmed)
    times.sort()
    middle, late = statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]
    target = f"{operation.target:g}" if operation.target else ""
    figures = (f"{middle * 1000:.1f}", f"{late * 1000:.1f}", f"{work * 1000:.1f}", f"{middle / least:.0f}", target,
               f"{kilobytes:.0f}", f"{memory_mb(pid) - before:.1f}")  # fmt: skip
    print(f"  {operation.name.partition(': ')[2]:44}" + "".join(f"{one:>11}" for one in figures), flush=True)


if __name__ == "__main__":
    sys.exit(main())
