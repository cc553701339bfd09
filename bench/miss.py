#!/usr/bin/env python3
"""What a miss adds over asking the provider directly.

One connection to the fake provider and one through the gateway, one request at a time, every request new to both. They
are asked in turn, request by request, so that whatever the machine does in between falls on both. The gateway has core
0 and one thread; the provider and this script share core 1.
"""

import argparse
import itertools
import json
import os
import statistics
from collections.abc import Iterator

from http_connection import Connection, Timing, post
from processes import LOAD_CORE, Bench, Server, machine

WARM_UP = 200


def requests(streamed: bool) -> Iterator[bytes]:
    """Chat requests, no two alike."""
    for number in itertools.count():
        question = {"role": "user", "content": f"Question number {number}, {streamed=}."}
        body = {"model": "gpt-4o-mini", "messages": [question]}
        # Directly or through the gateway, the provider shall stream the same events.
        options = {"stream": True, "stream_options": {"include_usage": True}} if streamed else {}
        yield post("/v1/chat/completions", json.dumps(body | options).encode(), x_mock_bytes="640")


def ask(connection: Connection, request: bytes, outcome: str | None) -> Timing:
    answer = connection.exchange(request)
    if answer.status != 200 or answer.headers.get("x-refrain-cache") != outcome:
        raise SystemExit(f"status {answer.status}, {answer.headers.get('x-refrain-cache')}\n{answer.body[:500]}")
    return answer


def measure(mock: Server, gateway: Server, count: int, *,
            streamed: bool) -> tuple[list[tuple[Timing, Timing]], float]:
    """Pairs of a direct exchange and one through the gateway, and the gateway's CPU microseconds per request."""
    direct, through, source = Connection(mock.port), Connection(gateway.port), requests(streamed)
    pairs = []
    for number in range(-WARM_UP, count):
        if number == 0:
            before = gateway.cpu()
        request, another = next(source), next(source)
        if number % 2:
            pair = ask(direct, request, None), ask(through, another, "MISS")
        else:
            answer = ask(through, request, "MISS")
            pair = ask(direct, another, None), answer
        if number >= 0:
            pairs.append(pair)
    used = gateway.cpu() - before
    direct.close()
    through.close()
    return pairs, (used.user + used.kernel) / count * 1e6


def row(title: str, pairs: list[tuple[int, int]], cpu: float) -> str:
    """A line of the table, from pairs of nanoseconds."""
    added = statistics.quantiles([(through - direct) / 1e3 for direct, through in pairs], n=20)
    direct = statistics.median(direct for direct, _ in pairs) / 1e3
    through = statistics.median(through for _, through in pairs) / 1e3
    return f"| {title} | {direct:.0f} | {through:.0f} | {added[9]:.0f} | {added[0]:.0f} to {added[18]:.0f} | {cpu:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--requests", type=int, default=3000, help="pairs to measure in each form (3000)")
    options = parser.parse_args()

    os.sched_setaffinity(0, {LOAD_CORE})
    with Bench(options.refrain) as bench:
        mock = bench.mock()
        gateway = bench.gateway(mock, "--threads", "1", "--store", "memory:")
        plain, plain_cpu = measure(mock, gateway, options.requests, streamed=False)
        streamed, streamed_cpu = measure(mock, gateway, options.requests, streamed=True)

    print(f"A miss, one request at a time; {options.requests} pairs, µs. {machine()}.\n")
    print("| | direct, p50 | through, p50 | added, p50 | added, p5 to p95 | gateway CPU per request |")
    print("|---|---|---|---|---|---|")
    print(row("plain, last byte", [(d.last_byte, t.last_byte) for d, t in plain], plain_cpu))
    print(row("streamed, first byte", [(d.first_byte, t.first_byte) for d, t in streamed], streamed_cpu))
    print(row("streamed, last byte", [(d.last_byte, t.last_byte) for d, t in streamed], streamed_cpu))


if __name__ == "__main__":
    main()
