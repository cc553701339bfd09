#!/usr/bin/env python3
"""What a miss adds over asking the provider directly.

One connection to the fake provider, one through the gateway and, as the control, one through nginx `proxy_pass`, which
records nothing; one request at a time, every request new. They are asked in turn, request by request, so that whatever
the machine does in between falls on each. Gateway and nginx have one thread; the provider and this script share core 1.
Once all of them share that core, so that what a hop adds is its own work; once the hops have core 0, so that each
request wakes a core that slept, twice: what nginx adds is then the price of that.
"""

import argparse
import dataclasses
import itertools
import json
import os
import statistics
from collections.abc import Callable, Iterator

from http_connection import Connection, Timing, post
from processes import LOAD_CORE, SERVER_CORE, Bench, Server, machine

WARM_UP = 200

PROXY_HTTP = "upstream mock { server 127.0.0.1:@mock_port@; keepalive 8; }"
PROXY_SERVER = """
    location / {
      proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering @buffering@;
    }
"""


@dataclasses.dataclass
class Contender:
    """A way to the provider, and what was measured on it."""

    name: str
    server: Server
    outcome: str | None = None  # the x-refrain-cache that each answer must have
    timings: list[Timing] = dataclasses.field(default_factory=list)
    cpu: float = 0  # microseconds of the server per request

    def __post_init__(self) -> None:
        self.connection = Connection(self.server.port)

    def ask(self, request: bytes) -> Timing:
        answer = self.connection.exchange(request)
        if answer.status != 200 or answer.headers.get("x-refrain-cache") != self.outcome:
            raise SystemExit(f"{self.name}: status {answer.status}, not {self.outcome}: {answer.headers}")
        return answer


def requests(streamed: bool) -> Iterator[bytes]:
    """Chat requests, no two alike."""
    for number in itertools.count():
        question = {"role": "user", "content": f"Question number {number}, {streamed=}."}
        body = {"model": "gpt-4o-mini", "messages": [question]}
        # Directly or through the gateway, the provider shall stream the same events.
        options = {"stream": True, "stream_options": {"include_usage": True}} if streamed else {}
        yield post("/v1/chat/completions", json.dumps(body | options).encode(), x_mock_bytes="640")


def measure(contenders: list[Contender], count: int, *, streamed: bool) -> None:
    """Asks all of them `count` times, each time in another order, after a warm-up."""
    source = requests(streamed)
    before = {}
    for number in range(-WARM_UP, count):
        if number == 0:
            before = {each.name: each.server.cpu() for each in contenders}
        first = number % len(contenders)
        for each in contenders[first:] + contenders[:first]:
            answer = each.ask(next(source))
            if number >= 0:
                each.timings.append(answer)
    for each in contenders:
        used = each.server.cpu() - before[each.name]
        each.cpu = (used.user + used.kernel) / count * 1e6


def row(title: str, direct: Contender, through: Contender, clock: Callable[[Timing], int]) -> str:
    """A line of the table: what `through` adds to the time that `clock` reads."""
    pairs = [(clock(a) / 1e3, clock(b) / 1e3) for a, b in zip(direct.timings, through.timings, strict=True)]
    added = statistics.quantiles([slow - fast for fast, slow in pairs], n=20)
    plain, hop = (statistics.median(column) for column in zip(*pairs, strict=True))
    return (f"| {title} | {through.name} | {plain:.0f} | {hop:.0f} | {added[9]:.0f} | {added[0]:.0f} to {added[18]:.0f} "
            f"| {through.cpu:.0f} |")


def rows(bench: Bench, count: int, core: int) -> Iterator[str]:
    """The table's lines for hops on `core`."""
    mock = bench.mock()
    gateway = bench.gateway(mock, "--threads", "1", "--store", "memory:", core=core)
    where = "shared core" if core == LOAD_CORE else "own core"
    for streamed in (False, True):
        nginx = bench.nginx(PROXY_SERVER, PROXY_HTTP, core=core, mock_port=mock.port,
                            buffering="off" if streamed else "on")
        direct = Contender("direct", mock)
        hops = [Contender("nginx proxy_pass", nginx), Contender("refrain", gateway, "MISS")]
        measure([direct, *hops], count, streamed=streamed)
        if streamed:
            for hop in hops:
                yield row(f"{where}, streamed, first byte", direct, hop, lambda answer: answer.first_byte)
        form = "streamed" if streamed else "plain"
        for hop in hops:
            yield row(f"{where}, {form}, last byte", direct, hop, lambda answer: answer.last_byte)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--requests", type=int, default=3000, help="requests to measure in each form (3000)")
    options = parser.parse_args()

    os.sched_setaffinity(0, {LOAD_CORE})
    lines = []
    for core in (LOAD_CORE, SERVER_CORE):
        with Bench(options.refrain) as bench:
            lines += rows(bench, options.requests, core)

    print(f"A miss, one request at a time; {options.requests} of each, µs. {machine()}.\n")
    print("| | through | direct, p50 | through it, p50 | added, p50 | added, p5 to p95 | its CPU per request |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
