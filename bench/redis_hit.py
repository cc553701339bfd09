#!/usr/bin/env python3
"""What a hit from Redis costs with the memory tier off, beside Redis itself.

Two take turns: redis-benchmark with GET of a value of the same size, unpipelined, from core 1 on a Redis on core 0; and
wrk on a gateway on core 0, one thread, whose Redis shares core 1 with the load. The first says how many answers a second
Redis gives to clients that each wait for theirs; the second how many the gateway gives to as many clients with HTTP on
top, and what processor time of the gateway each costs.
"""

import argparse
import csv
import io
import json
import statistics
import subprocess

from http_connection import Connection, post
from load import Contender, Round, prove, spread, turn
from processes import LOAD_CORE, SERVER_CORE, Bench, Server, machine, upstream_calls

PATH = "/v1/chat/completions"
REQUEST = json.dumps({"model": "gpt-4o-mini", "temperature": 0,
                      "messages": [{"role": "user", "content": "Say something worth repeating, in one paragraph."}]})
TEXT_BYTES = 640  # makes an answer of about 1 KB


def ask(server: Server, **headers: str):
    connection = Connection(server.port)
    answer = connection.exchange(post(PATH, REQUEST.encode(), **headers))
    connection.close()
    return answer


def gets_per_second(redis: Server, connections: int, requests: int, size: int) -> float:
    """What redis-benchmark reaches with GET."""
    said = subprocess.run(
        ["taskset", "--cpu-list", str(LOAD_CORE), "redis-benchmark", "-p", str(redis.port), "-c", str(connections), "-n",
         str(requests), "-d", str(size), "-t", "set,get", "--csv"], check=True, capture_output=True, text=True).stdout
    return next(float(row[1]) for row in csv.reader(io.StringIO(said)) if row and row[0] == "GET")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--rounds", type=int, default=6, help="turns of each; even is fair (6)")
    parser.add_argument("--seconds", type=int, default=5, help="of one turn (5)")
    parser.add_argument("--connections", type=int, default=64, help="clients at once (64)")
    options = parser.parse_args()

    with Bench(options.refrain) as bench:
        alone = bench.redis(core=SERVER_CORE)
        shared = bench.redis(core=LOAD_CORE)
        mock = bench.mock()
        gateway = Contender("refrain, hit from Redis",
                            bench.gateway(mock, "--threads", "1", "--store", f"redis://127.0.0.1:{shared.port}",
                                          "--memory-max-bytes", "0"), PATH, ("x-refrain-cache", "HIT"))
        length = len(ask(gateway.server, x_mock_bytes=str(TEXT_BYTES)).body)
        script = bench.folder() / "post.lua"
        script.write_text(f"wrk.method = 'POST'\nwrk.body = [==[{REQUEST}]==]\n"
                          "wrk.headers['Content-Type'] = 'application/json'\n")
        prove(gateway, ask(gateway.server))
        turn(gateway, script, 1, options.connections)
        calls = upstream_calls(mock)
        redis_rates: list[float] = []
        requests = options.seconds * 60_000

        def redis_turn() -> None:
            redis_rates.append(gets_per_second(alone, options.connections, requests, length))

        def gateway_turn() -> Round:
            taken = turn(gateway, script, options.seconds, options.connections)
            prove(gateway, ask(gateway.server))
            return taken

        for number in range(options.rounds):
            if number % 2 == 0:
                redis_turn()
            gateway.rounds.append(gateway_turn())
            if number % 2 == 1:
                redis_turn()
        if upstream_calls(mock) != calls:
            raise SystemExit("the provider was asked: not every request was a hit")

    rates = [one.per_second for one in gateway.rounds]
    print(f"Hit from Redis, memory tier off, {length} bytes, {options.connections} clients; {options.rounds} rounds of "
          f"{options.seconds} s, median (range). {machine()}.\n")
    print("| who answers | answers/s | against Redis | CPU µs of the gateway per answer |")
    print("|---|---|---|---|")
    print(f"| redis-benchmark GET, unpipelined | {spread(redis_rates, ',.0f')} | 1.00 x | |")
    print(f"| {gateway.name} | {spread(rates, ',.0f')} "
          f"| {statistics.median(rates) / statistics.median(redis_rates):.2f} x "
          f"| {spread([one.total for one in gateway.rounds], '.1f')} |")


if __name__ == "__main__":
    main()
