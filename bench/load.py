"""Servers under the same load, turn by turn."""

import dataclasses
import re
import statistics
import subprocess
from pathlib import Path

from http_connection import Timing
from processes import LOAD_CORE, Server


@dataclasses.dataclass
class Contender:
    name: str
    server: Server
    path: str
    hit: tuple[str, str] | None  # the header, and its value, that prove how it was answered
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


def prove(contender: Contender, answer: Timing) -> None:
    """Stops the benchmark unless it was answered, and as it should be."""
    outcome = answer.headers.get(contender.hit[0]) if contender.hit else None
    if answer.status != 200 or (contender.hit and outcome != contender.hit[1]):
        raise SystemExit(f"{contender.name}: status {answer.status}, {contender.hit}: {outcome}\n{answer.body[:500]}")


def turn(contender: Contender, script: Path, seconds: int, connections: int) -> Round:
    """Lets wrk load one contender."""
    before = contender.server.cpu()
    output = subprocess.run(
        ["taskset", "--cpu-list", str(LOAD_CORE), "wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s",
         "-s", str(script), f"http://127.0.0.1:{contender.server.port}{contender.path}"],
        check=True, capture_output=True, text=True).stdout
    used = contender.server.cpu() - before
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{contender.name}:\n{output}")
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    return Round(used.user / requests * 1e6, used.kernel / requests * 1e6, per_second)


def take_turns(contenders: list[Contender], rounds: int, run) -> None:
    """Runs each in each round: A B C, C B A, ..."""
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            contender.rounds.append(run(contender))


def spread(values: list[float], form: str) -> str:
    """Median and range."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"
