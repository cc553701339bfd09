#!/usr/bin/env python3
"""What a request costs the server, beside nginx: a hit from memory, one passed through, a miss that is stored, a stream.

Servers on core 0, one thread each, take turns under the same load from core 1, where the provider runs too: an nginx
with a fixed answer, which keeps the servers busy; for streams the fake provider. The figure to steer by is processor
time of the server per request; requests per second drift more. nginx does the same work: `return` with a fixed body of
the same size (the floor: HTTP without any cache), `proxy_cache` for the same POST, the body in its key and its files in
memory, `proxy_pass` for what is not cached: a route that no dialect knows, which streams through unread, and a chat with
the cache off, which is read for what it costs. A probe after each turn checks status and outcome.
"""

import argparse
import dataclasses
import itertools
import json
import statistics
from collections.abc import Callable

from http_connection import Connection, post
from load import Contender, Round, prove, spread, take_turns, turn
from processes import LOAD_CORE, Bench, Server, machine

PATH = "/v1/chat/completions"
UNCACHED_PATH = "/v1/anything/else"
TEXT_BYTES = 640  # makes an answer of about 1 KB
EVENTS = 160  # of a stream of so many bytes, about: the provider sends a word at a time

UPSTREAM = "upstream mock { server 127.0.0.1:@mock_port@; keepalive 128; }"
PROXY_CACHE_HTTP = f"""
  proxy_cache_path @folder@/cache levels=1:2 keys_zone=answers:100m use_temp_path=off;
  open_file_cache max=1000; open_file_cache_valid 1h;
  {UPSTREAM}
"""
PROXY_SERVER = """
    location / {
      proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering @buffering@;
    }
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


def body(question: str, **more: object) -> str:
    return json.dumps({"model": "gpt-4o-mini", "temperature": 0,
                       "messages": [{"role": "system", "content": "You are a helpful assistant."},
                                    {"role": "user", "content": question}], **more})


HIT = body("Say something worth repeating, in one paragraph.")
# @ becomes a number of its own in each request.
NEW = body("Question @, which nobody has asked before.")
STREAM = body("Question @, told word by word.", stream=True, stream_options={"include_usage": True})


@dataclasses.dataclass
class Case:
    """One kind of request, and who answers it; the first of them is what the others are held against."""

    name: str
    request: str
    start: Callable[[Bench, Server], list[Contender]]
    streamed: bool = False
    unit: str = "request"
    divisor: int = 1


def fixed_provider(bench: Bench) -> Server:
    """One that answers every chat request with the same text."""
    choice = {"index": 0, "message": {"role": "assistant", "content": "word " * (TEXT_BYTES // 5)}, "finish_reason": "stop"}
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini", "choices": [choice],
              "usage": {"prompt_tokens": 20, "completion_tokens": 128, "total_tokens": 148}}
    return bench.nginx("location / { default_type application/json; return 200 '@answer@'; }", core=LOAD_CORE,
                       answer=json.dumps(answer))


def hits(bench: Bench, mock: Server) -> list[Contender]:
    """All of them filled, and each answering the same number of bytes."""
    contenders = [
        Contender("refrain, hit from memory", bench.gateway(mock, "--threads", "1", "--store", "memory:"), PATH,
                  ("x-refrain-cache", "HIT")),
        Contender("nginx proxy_cache", bench.nginx(PROXY_CACHE_SERVER, PROXY_CACHE_HTTP, mock_port=mock.port), PATH,
                  ("x-cache", "HIT"))]
    length = [len(ask(one.server, HIT)) for one in contenders][0]
    floor = bench.nginx("location / { default_type application/json; return 200 '@body@'; }", body="x" * length)
    contenders.insert(0, Contender("nginx return (the floor)", floor, PATH, None))
    for contender in contenders:
        if len(ask(contender.server, HIT)) != length:
            raise SystemExit(f"{contender.name} does not answer with {length} bytes")
    return contenders


def passes(bench: Bench, mock: Server) -> list[Contender]:
    proxy = bench.nginx(PROXY_SERVER, UPSTREAM, mock_port=mock.port, buffering="on")
    memory = ("--threads", "1", "--store", "memory:")
    return [Contender("nginx proxy_pass", proxy, PATH, None),
            Contender("refrain, route that is not cached", bench.gateway(mock, *memory), UNCACHED_PATH,
                      ("x-refrain-cache", "BYPASS")),
            Contender("refrain, cache off", bench.gateway(mock, *memory, "--no-cache"), PATH,
                      ("x-refrain-cache", "BYPASS"))]


def misses(bench: Bench, mock: Server) -> list[Contender]:
    cache = bench.nginx(PROXY_CACHE_SERVER, PROXY_CACHE_HTTP, mock_port=mock.port)
    store = bench.folder() / "cache.db"
    gateway = bench.gateway(mock, "--threads", "1", "--store", f"sqlite:{store}")
    return [Contender("nginx proxy_cache, miss", cache, PATH, ("x-cache", "MISS")),
            Contender("refrain, miss and stored in SQLite", gateway, PATH, ("x-refrain-cache", "MISS"))]


def streams(bench: Bench, mock: Server) -> list[Contender]:
    proxy = bench.nginx(PROXY_SERVER, UPSTREAM, mock_port=mock.port, buffering="off")
    store = bench.folder() / "cache.db"
    gateway = bench.gateway(mock, "--threads", "1", "--store", f"sqlite:{store}")
    return [Contender("nginx proxy_pass", proxy, PATH, None),
            Contender("refrain, streamed and stored", gateway, PATH, ("x-refrain-cache", "MISS"))]


CASES = [
    Case("hit", HIT, hits),
    Case("pass", NEW, passes),
    Case("miss", NEW, misses),
    Case("stream", STREAM, streams, streamed=True, unit="event", divisor=EVENTS),
]
numbers = itertools.count()


def ask(server: Server, request: str) -> bytes:
    connection = Connection(server.port)
    answer = connection.exchange(post(PATH, request.encode(), x_mock_bytes=str(TEXT_BYTES)))
    connection.close()
    return answer.body


def probe(contender: Contender, request: str) -> None:
    """One request, which must be answered as it should."""
    connection = Connection(contender.server.port)
    question = request.replace("@", f"probe {next(numbers)}")
    prove(contender, connection.exchange(post(contender.path, question.encode(), x_mock_bytes=str(TEXT_BYTES))))
    connection.close()


def script_of(case: Case, turn_number: int) -> str:
    """For wrk: the request, with a number that no other request of any turn has."""
    headers = {"Content-Type": "application/json", "x-mock-bytes": str(TEXT_BYTES)}
    table = ", ".join(f"['{name}'] = '{value}'" for name, value in headers.items())
    before, at, after = case.request.partition("@")
    if not at:
        return f"wrk.method = 'POST'\nwrk.body = [==[{case.request}]==]\nwrk.headers = {{{table}}}\n"
    return (f"local n, headers = 0, {{{table}}}\n"
            "function request()\n  n = n + 1\n"
            f"  return wrk.format('POST', nil, headers, [==[{before}]==] .. '{turn_number}-' .. n .. [==[{after}]==])\n"
            "end\n")


def measure(bench: Bench, case: Case, rounds: int, seconds: int, connections: int) -> list[Contender]:
    contenders = case.start(bench, bench.mock() if case.streamed else fixed_provider(bench))
    script = bench.folder() / "load.lua"

    def run(contender: Contender, lasts: int = seconds) -> Round:
        script.write_text(script_of(case, next(numbers)))
        taken = turn(contender, script, lasts, connections)
        probe(contender, case.request)
        return taken

    for contender in contenders:
        run(contender, 1)
    take_turns(contenders, rounds, run)
    return contenders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--rounds", type=int, default=6, help="turns of each server; even is fair (6)")
    parser.add_argument("--seconds", type=int, default=4, help="of one turn (4)")
    parser.add_argument("--connections", type=int, default=64, help="kept open by the load (64)")
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(case.name for case in CASES)}; all by default")
    options = parser.parse_args()

    print(f"What a request costs one server core; answers of about 1 KB, {options.connections} connections, "
          f"{options.rounds} rounds of {options.seconds} s, median (range). {machine()}.\n")
    print("| case | server | CPU µs | of it user | kernel | requests/s | CPU against the first |")
    print("|---|---|---|---|---|---|---|")
    for case in CASES:
        if options.cases and case.name not in options.cases:
            continue
        with Bench(options.refrain) as bench:
            contenders = measure(bench, case, options.rounds, options.seconds, options.connections)
        first = statistics.median(one.total for one in contenders[0].rounds)
        for contender in contenders:
            turns = contender.rounds
            print(f"| {case.name}, per {case.unit} | {contender.name} "
                  f"| {spread([one.total / case.divisor for one in turns], '.1f')} "
                  f"| {statistics.median(one.user for one in turns) / case.divisor:.1f} "
                  f"| {statistics.median(one.kernel for one in turns) / case.divisor:.1f} "
                  f"| {spread([one.per_second for one in turns], ',.0f')} "
                  f"| {statistics.median(one.total for one in turns) / first:.2f} x |", flush=True)


if __name__ == "__main__":
    main()
