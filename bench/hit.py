#!/usr/bin/env python3
"""What an exact hit from memory costs, beside nginx.

Three servers on core 0, one thread each, take turns under the same load from core 1: Refrain with a hit, nginx with a
fixed body of the same size (the floor: HTTP without any cache) and nginx with proxy_cache for the same POST, the body
in its key and its files in memory. The figure to steer by is processor time of the server per request; requests per
second drift more. A probe after each turn checks status and outcome, and the provider must not have been asked.
"""

import argparse
import dataclasses
import json
import re
import statistics
import subprocess
from pathlib import Path

from http_connection import Connection, post
from processes import LOAD_CORE, Bench, Server, machine, upstream_calls

PATH = "/v1/chat/completions"
REQUEST = json.dumps({"model": "gpt-4o-mini", "temperature": 0,
                      "messages": [{"role": "system", "content": "You are a helpful assistant."},
                                   {"role": "user", "content": "Say something worth repeating, in one paragraph."}]})
TEXT_BYTES = 640  # makes an answer of about 1 KB


PROXY_CACHE_HTTP = """
  proxy_cache_path @folder@/cache levels=1:2 keys_zone=answers:10m use_temp_path=off;
  open_file_cache max=1000; open_file_cache_valid 1h;
  upstream mock { server 127.0.0.1:@mock_port@; keepalive 8; }
"""
PROXY_CACHE_SERVER = """
    location / {
      proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_cache answers; proxy_cache_methods POST; proxy_cache_valid 200 1h;
      proxy_cache_key "$request_uri $http_authorization $request_body";
      proxy_ignore_headers Cache-Control Expires Vary Set-Cookie; proxy_hide_header Set-Cookie;
      add_header X-Cache $upstream_cache_status;
    }
"""


@dataclasses.dataclass
class Contender:
    name: str
    server: Server
    hit: tuple[str, str] | None  # the header, and its value, that prove a hit
    rounds: list["Round"] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Round:
    """One turn; microseconds are processor time of the server per request."""

    user: float
    kernel: float
    per_second: float

    @property
    def total(self) -> float:
        return self.user + self.kernel


def probe(contender: Contender) -> bytes:
    """One request. Stops the benchmark unless it is answered, and is a hit; the body."""
    connection = Connection(contender.server.port)
    answer = connection.exchange(post(PATH, REQUEST.encode()))
    connection.close()
    outcome = answer.headers.get(contender.hit[0]) if contender.hit else None
    if answer.status != 200 or (contender.hit and outcome != contender.hit[1]):
        raise SystemExit(f"{contender.name}: status {answer.status}, {contender.hit}: {outcome}\n{answer.body[:500]}")
    return answer.body


def fill(server: Server) -> bytes:
    """The first request, a miss, which asks the provider for an answer of the wanted length; the body."""
    connection = Connection(server.port)
    answer = connection.exchange(post(PATH, REQUEST.encode(), x_mock_bytes=str(TEXT_BYTES)))
    connection.close()
    return answer.body


def turn(contender: Contender, script: Path, seconds: int, connections: int) -> Round:
    """Lets wrk load one contender."""
    before = contender.server.cpu()
    output = subprocess.run(
        ["taskset", "--cpu-list", str(LOAD_CORE), "wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s",
         "-s", str(script), f"http://127.0.0.1:{contender.server.port}{PATH}"],
        check=True, capture_output=True, text=True).stdout
    used = contender.server.cpu() - before
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{contender.name}:\n{output}")
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    return Round(used.user / requests * 1e6, used.kernel / requests * 1e6, per_second)


def start_contenders(bench: Bench, mock: Server) -> list[Contender]:
    """All three, filled and each answering the same number of bytes."""
    refrain = Contender("refrain, hit from memory",
                        bench.gateway(mock, "--threads", "1", "--store", "memory:"), ("x-refrain-cache", "HIT"))
    body = fill(refrain.server)
    cache = Contender("nginx proxy_cache", bench.nginx(PROXY_CACHE_SERVER, PROXY_CACHE_HTTP, mock_port=mock.port),
                      ("x-cache", "HIT"))
    fill(cache.server)
    floor = Contender("nginx return (the floor)",
                      bench.nginx("location / { default_type application/json; return 200 '@body@'; }",
                                  body="x" * len(body)), None)
    for contender in (refrain, cache, floor):
        if len(probe(contender)) != len(body):
            raise SystemExit(f"{contender.name} does not answer with {len(body)} bytes")
    return [floor, refrain, cache]


def measure(bench: Bench, rounds: int, seconds: int, connections: int) -> tuple[list[Contender], int]:
    mock = bench.mock()
    contenders = start_contenders(bench, mock)
    length = len(probe(contenders[0]))
    script = bench.folder() / "post.lua"
    script.write_text(f"wrk.method = 'POST'\nwrk.body = [==[{REQUEST}]==]\n"
                      "wrk.headers['Content-Type'] = 'application/json'\n")
    for contender in contenders:
        turn(contender, script, 1, connections)
    calls = upstream_calls(mock)
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):  # A B C, C B A, ...
            contender.rounds.append(turn(contender, script, seconds, connections))
            probe(contender)
    if upstream_calls(mock) != calls:
        raise SystemExit("the provider was asked: not every request was a hit")
    return contenders, length


def spread(values: list[float], form: str) -> str:
    """Median and range."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--rounds", type=int, default=6, help="turns of each server; even is fair (6)")
    parser.add_argument("--seconds", type=int, default=5, help="of one turn (5)")
    parser.add_argument("--connections", type=int, default=32, help="kept open by the load (32)")
    options = parser.parse_args()

    with Bench(options.refrain) as bench:
        contenders, length = measure(bench, options.rounds, options.seconds, options.connections)

    floor = statistics.median(turn.total for turn in contenders[0].rounds)
    print(f"Exact hit, {length} bytes, {options.connections} connections, one server core; {options.rounds} rounds of "
          f"{options.seconds} s, median (range). {machine()}.\n")
    print("| server | CPU µs per request | of it user | kernel | requests/s | CPU against the floor |")
    print("|---|---|---|---|---|---|")
    for contender in contenders:
        turns = contender.rounds
        print(f"| {contender.name} | {spread([turn.total for turn in turns], '.1f')} "
              f"| {statistics.median(turn.user for turn in turns):.1f} "
              f"| {statistics.median(turn.kernel for turn in turns):.1f} "
              f"| {spread([turn.per_second for turn in turns], ',.0f')} "
              f"| {statistics.median(turn.total for turn in turns) / floor:.2f} x |")


if __name__ == "__main__":
    main()
