#!/usr/bin/env python3
"""How fast a clip of a megabyte is replayed, beside nginx with the same bytes in a file.

Two servers on core 0, one thread each, take turns under the same load from core 1: Refrain with a hit of
`/v1/audio/speech`, and nginx with the clip as a file in memory (sendfile). Then, one request at a time, how long the first
byte of a hit takes. A probe after each turn checks status, outcome and every byte.
"""

import argparse
import json
import os
import statistics

from http_connection import Connection, Timing, post
from load import Contender, Round, prove, spread, take_turns, turn
from processes import LOAD_CORE, Bench, machine, upstream_calls

PATH = "/v1/audio/speech"
# The fake provider speaks a character in 60 ms, of 24,000 samples of two bytes a second.
REQUEST = json.dumps({"model": "tts-1", "voice": "alloy", "response_format": "wav", "input": "Say it again. " * 26})


def ask(contender: Contender) -> Timing:
    connection = Connection(contender.server.port)
    request = post(PATH, REQUEST.encode()) if contender.hit else b"GET /clip.wav HTTP/1.1\r\nhost: a\r\n\r\n"
    answer = connection.exchange(request)
    connection.close()
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--rounds", type=int, default=6, help="turns of each server; even is fair (6)")
    parser.add_argument("--seconds", type=int, default=4, help="of one turn (4)")
    parser.add_argument("--connections", type=int, default=8, help="kept open by the load (8)")
    options = parser.parse_args()

    with Bench(options.refrain) as bench:
        mock = bench.mock()
        refrain = Contender("refrain, hit from memory", bench.gateway(mock, "--threads", "1", "--store", "memory:"), PATH,
                            ("x-refrain-cache", "HIT"))
        ask(refrain)  # a miss, in chunks
        clip = ask(refrain).body
        files = bench.folder()
        os.chmod(files, 0o755)
        (files / "clip.wav").write_bytes(clip)
        nginx = Contender("nginx, the file", bench.nginx(f"location / {{ root {files}; }}"), "/clip.wav", None)
        calls = upstream_calls(mock)

        scripts = {contender.name: bench.folder() / "load.lua" for contender in (refrain, nginx)}
        scripts[refrain.name].write_text(f"wrk.method = 'POST'\nwrk.body = [==[{REQUEST}]==]\n"
                                         "wrk.headers['Content-Type'] = 'application/json'\n")
        scripts[nginx.name].write_text("")

        def run(contender: Contender) -> Round:
            taken = turn(contender, scripts[contender.name], options.seconds, options.connections)
            answer = ask(contender)
            prove(contender, answer)
            if answer.body != clip:
                raise SystemExit(f"{contender.name} answers with other bytes")
            return taken

        take_turns([refrain, nginx], options.rounds, run)
        os.sched_setaffinity(0, {LOAD_CORE})
        connection = Connection(refrain.server.port)
        first = [connection.exchange(post(PATH, REQUEST.encode())).first_byte / 1e3 for _ in range(500)]
        connection.close()
        if upstream_calls(mock) != calls:
            raise SystemExit("the provider was asked: not every request was a hit")

    print(f"A clip of {len(clip):,} bytes, {options.connections} connections, one server core; {options.rounds} rounds of "
          f"{options.seconds} s, median (range). {machine()}.\n")
    print("| server | CPU µs per request | GB per CPU second | GB/s to one client core |")
    print("|---|---|---|---|")
    for contender in (nginx, refrain):
        rate = [len(clip) / taken.total / 1e3 for taken in contender.rounds]
        seen = [len(clip) * taken.per_second / 1e9 for taken in contender.rounds]
        print(f"| {contender.name} | {spread([taken.total for taken in contender.rounds], '.0f')} | {spread(rate, '.1f')} "
              f"| {spread(seen, '.2f')} |")
    print(f"\nFirst byte of a hit, one request at a time: {statistics.median(first):.0f} µs at p50, "
          f"{statistics.quantiles(first, n=100)[98]:.0f} at p99.")


if __name__ == "__main__":
    main()
