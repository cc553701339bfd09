#!/usr/bin/env python3
"""What people notice of a Redis that hangs: it is stopped (SIGSTOP) while 50 users keep asking, then goes on.

Each user has a connection, asks, reads the whole answer, thinks, and asks again; half of the questions have been asked
before and are hits while the Redis is there, the others are new. The memory tier is off and the provider takes the same
time for each answer, so that what a miss takes beyond that is the gateway's, its store's and the machine's. Misses while
the Redis hangs are set beside misses before that. The gateway has core 0; users, provider and Redis have core 1.
"""

import argparse
import dataclasses
import datetime
import json
import os
import random
import signal
import statistics
import threading
import time

from http_connection import Connection, post
from processes import LOAD_CORE, Bench, Server, machine

PATH = "/v1/chat/completions"
KNOWN = 200
LATENCY_MS = 20
THINKING_S = (0.2, 0.6)
LONGEST_WITHOUT_HITS_S = 30


@dataclasses.dataclass(frozen=True)
class Asked:
    """One request: when it was sent (monotonic seconds), how long it took, and what came of it."""

    at: float
    ms: float
    outcome: str | None  # None: it failed


def question(text: str) -> bytes:
    return post(PATH, json.dumps({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}]}).encode())


class Crowd:
    """Users, each on a thread, until told to leave."""

    def __init__(self, gateway: Server, users: int):
        self._port = gateway.port
        self._over = threading.Event()
        self.asked: list[Asked] = []  # appending is atomic
        self._threads = [threading.Thread(target=self._keep_asking, args=(number,)) for number in range(users)]
        for thread in self._threads:
            thread.start()

    def _keep_asking(self, number: int) -> None:
        chance, connection, fresh = random.Random(number), None, 0
        while not self._over.wait(chance.uniform(*THINKING_S)):
            if chance.random() < 0.5:
                text = f"known {chance.randrange(KNOWN)}"
            else:
                fresh += 1
                text = f"question {fresh} of user {number}"
            at = time.monotonic()
            try:
                connection = connection or Connection(self._port)
                answer = connection.exchange(question(text))
            except (OSError, SystemExit, ValueError):  # closed, cut off, no HTTP
                connection = None
                self.asked.append(Asked(at, 0, None))
                continue
            outcome = answer.headers.get("x-refrain-cache") if answer.status == 200 else None
            self.asked.append(Asked(at, answer.last_byte / 1e6, outcome))
        if connection:
            connection.close()

    def leave(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def between(self, begin: float, end: float) -> list[Asked]:
        """Those that were sent in that time."""
        return [one for one in self.asked if begin <= one.at < end]

    def first_hit(self, since: float) -> float | None:
        """When it was sent; None while there is none."""
        return min((one.at for one in list(self.asked) if one.at >= since and one.outcome == "HIT"), default=None)


def misses(some: list[Asked]) -> list[float]:
    """Milliseconds of each, in order."""
    return sorted(one.ms for one in some if one.outcome == "MISS")


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def signal_to(server: Server, number: signal.Signals) -> None:
    for pid in server.pids():
        os.kill(pid, number)


def lines_about_redis(log: str) -> list[datetime.datetime]:
    """When the gateway wrote them."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [datetime.datetime.fromisoformat(line["time"]) for line in lines if "Redis" in line["message"]]


def most_in_a_minute(times: list[datetime.datetime]) -> int:
    minute = datetime.timedelta(minutes=1)
    return max((sum(begin <= other < begin + minute for other in times) for begin in times), default=0)


def await_hits(crowd: Crowd, since: float) -> None:
    """Returns a little while after the first of them."""
    while time.monotonic() < since + LONGEST_WITHOUT_HITS_S and crowd.first_hit(since) is None:
        time.sleep(0.05)
    time.sleep(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--seconds", type=int, default=90, help="that the Redis hangs (90)")
    parser.add_argument("--before", type=int, default=30, help="of load before that (30)")
    parser.add_argument("--users", type=int, default=50, help="at once (50)")
    options = parser.parse_args()

    os.sched_setaffinity(0, {LOAD_CORE})
    with Bench(options.refrain) as bench:
        redis = bench.redis()
        mock = bench.mock(latency_ms=LATENCY_MS)
        gateway = bench.gateway(mock, "--threads", "1", "--store", f"redis://127.0.0.1:{redis.port}",
                                "--memory-max-bytes", "0")
        crowd = Crowd(gateway, options.users)
        try:
            time.sleep(options.before)
            paused = time.monotonic()
            signal_to(redis, signal.SIGSTOP)
            time.sleep(options.seconds)
            resumed = time.monotonic()
            signal_to(redis, signal.SIGCONT)
            await_hits(crowd, resumed)
        finally:
            crowd.leave()
        lines = lines_about_redis(gateway.log.read_text(errors="replace"))

    # Answers that were under way when it was stopped have waited too, so these count from a second before.
    before = misses(crowd.between(0, paused - 1))
    during = misses(crowd.between(paused - 1, resumed))
    if not before or not during or crowd.first_hit(0) is None:
        raise SystemExit("the load was none: no misses, or no hit before the Redis was stopped")
    usual = statistics.median(before)
    failed = sum(one.outcome is None for one in crowd.asked)
    hit = crowd.first_hit(resumed)
    back = f"{hit - resumed:.1f}" if hit else f"not within {LONGEST_WITHOUT_HITS_S}"
    print(f"A Redis that hangs for {options.seconds} s under {options.users} users; the provider takes {LATENCY_MS} ms. "
          f"{machine()}.\n")
    print("| | before | while it hangs |\n|---|---|---|")
    print(f"| misses | {len(before):,} | {len(during):,} |")
    for title, share in (("p50", 0.5), ("p99", 0.99), ("worst", 1)):
        print(f"| a miss, {title}, ms | {percentile(before, share):.1f} | {percentile(during, share):.1f} |")
    print(f"\nFailed requests: {failed} of {len(crowd.asked):,}. Added to a miss, over p50 before: "
          f"p99 {percentile(during, 0.99) - usual:.1f} ms, worst {during[-1] - usual:.1f} ms. Log lines about Redis: "
          f"{len(lines)}, at most {most_in_a_minute(lines)} in a minute. Hits are back {back} s after it goes on.")


if __name__ == "__main__":
    main()
