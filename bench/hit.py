#!/usr/bin/env python3
"""What an exact hit from memory costs, beside nginx.

Three servers on core 0, one thread each, take turns under the same load from core 1: Refrain with a hit, nginx with a
fixed body of the same size (the floor: HTTP without any cache) and nginx with proxy_cache for the same POST, the body
in its key and its files in memory. The figure to steer by is processor time of the server per request; requests per
second drift more. A probe after each turn checks status and outcome, and the provider must not have been asked.
"""

import argparse
import json
import statistics

from http_connection import Connection, post
from load import Contender, Round, prove, spread, take_turns, turn
from processes import Bench, Server, machine, upstream_calls

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


def probe(contender: Contender) -> bytes:
    """One request, which must be answered as it should; the body."""
    connection = Connection(contender.server.port)
    answer = connection.exchange(post(PATH, REQUEST.encode()))
    connection.close()
    prove(contender, answer)
    return answer.body


def fill(server: Server) -> bytes:
    """The first request, a miss, which asks the provider for an answer of the wanted length; the body."""
    connection = Connection(server.port)
    answer = connection.exchange(post(PATH, REQUEST.encode(), x_mock_bytes=str(TEXT_BYTES)))
    connection.close()
    return answer.body


def start_contenders(bench: Bench, mock: Server) -> list[Contender]:
    """All three, filled and each answering the same number of bytes."""
    refrain = Contender("refrain, hit from memory",
                        bench.gateway(mock, "--threads", "1", "--store", "memory:"), PATH, ("x-refrain-cache", "HIT"))
    body = fill(refrain.server)
    cache = Contender("nginx proxy_cache", bench.nginx(PROXY_CACHE_SERVER, PROXY_CACHE_HTTP, mock_port=mock.port), PATH,
                      ("x-cache", "HIT"))
    fill(cache.server)
    floor = Contender("nginx return (the floor)",
                      bench.nginx("location / { default_type application/json; return 200 '@body@'; }",
                                  body="x" * len(body)), PATH, None)
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

    def run(contender: Contender) -> Round:
        taken = turn(contender, script, seconds, connections)
        probe(contender)
        return taken

    take_turns(contenders, rounds, run)
    if upstream_calls(mock) != calls:
        raise SystemExit("the provider was asked: not every request was a hit")
    return contenders, length


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
