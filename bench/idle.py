#!/usr/bin/env python3
"""What a gateway takes before it has anything to do: time to the first answer of /readyz, and resident memory.

As a person starts it: embedded store (new), a thread for each core, an admin plane, on no core in particular.
"""

import argparse
import statistics
import time
import urllib.request

from processes import Bench, machine

SETTLE_SECONDS = 2


def measure(refrain: str) -> tuple[float, float]:
    """Starts one gateway: milliseconds until it is ready, and MiB resident once it has settled."""
    with Bench(refrain) as bench:
        mock = bench.mock()
        started = time.perf_counter()
        gateway = bench.gateway(mock, "--admin-listen", "127.0.0.1:0", core=None)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(f"http://127.0.0.1:{gateway.port}/readyz").read()
        ready = time.perf_counter() - started
        time.sleep(SETTLE_SECONDS)
        return ready * 1e3, gateway.resident_bytes() / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--rounds", type=int, default=5, help="starts (5)")
    options = parser.parse_args()

    rows = [measure(options.refrain) for _ in range(options.rounds)]
    print(f"Idle, as started; {options.rounds} starts, median (range). {machine()}.\n")
    print("| | |\n|---|---|")
    for title, values in zip(("ready after, ms", "resident, MiB"), zip(*rows), strict=True):
        print(f"| {title} | {statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f}) |")


if __name__ == "__main__":
    main()
