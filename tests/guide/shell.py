"""Runs a scenario of a guide as a reader would: its commands in one shell, in a folder of their own, to the letter.

To the letter but for the ports, as a test must not use those that others have: each port that the page names is another
one here, and is named as on the page in what the commands print.
"""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from page import Step
from refrain_process import binary, clean_environment

LONGEST_S = 120
MARK, END = "==== end of step", "==== end of the script"
# The ports of the page, each with the one at which a Cluster's node listens to the other nodes.
PORTS = ["6379", "6380", "7000", "7001", "7002", "7337", "7338", "7339", "26379", "26380", "26381"]
BUS = 10000

STARTS_IN_BACKGROUND = re.compile(r"[^&]&$", re.MULTILINE)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Ports:
    """Other ports in place of the page's, below those that the system gives to clients."""

    taken: set[int] = set()

    def __init__(self):
        self.given = {name: str(self._take()) for name in PORTS}

    def _take(self) -> int:
        while True:
            port = random.randrange(12000, 22000)
            if port not in self.taken and is_free(port) and is_free(port + BUS):
                self.taken.add(port)
                return port

    def here(self, text: str) -> str:
        return re.sub(rf"\b({'|'.join(PORTS)})\b", lambda match: self.given[match.group()], text)

    def as_on_the_page(self, text: str) -> str:
        back = {here: name for name, here in self.given.items()}
        return re.sub(rf"\b({'|'.join(back)})\b", lambda match: back[match.group()], text)


class Scenario:
    """The steps of a scenario under way; `finish` waits for them."""

    def __init__(self, name: str, steps: list[Step], files: dict[str, str], folder: Path):
        self.name, self.steps = name, steps
        self.ports = Ports()
        folder.mkdir()
        for file, text in files.items():
            (folder / file).write_text(self.ports.here(text), encoding="utf-8")
        script = folder / "scenario.sh"
        script.write_text(self._script(), encoding="utf-8")
        # As long as everything that a scenario starts is in its session, all of it can be ended.
        self._process = subprocess.Popen(["bash", script], cwd=folder, env=self._environment(folder), text=True,
                                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                         start_new_session=True)
        self._too_long = threading.Timer(LONGEST_S, lambda: os.killpg(self._process.pid, signal.SIGKILL))
        self._too_long.start()

    def _environment(self, folder: Path) -> dict[str, str]:
        given = self.ports.given  # also where the page relies on the usual ones
        environment = clean_environment(
            folder / "home", REDIS_PORT=given["6379"], REFRAIN_SERVER_LISTEN=f"127.0.0.1:{given['7337']}",
            REFRAIN_ADMIN_LISTEN=f"127.0.0.1:{given['7338']}", NO_PROXY="localhost,127.0.0.1",
            REFRAIN_REDIS_DEADLINE="10 s")  # a machine that is busy with other tests is no slow Redis
        environment["PATH"] = f"{Path(binary()).parent}:{environment['PATH']}"
        return environment

    def _script(self) -> str:
        # What is put into the background is waited for until it listens, which a reader does by reading on.
        started = f'\\g<0> "{sys.executable}" "{Path(__file__).with_name("listening.py")}" $!'
        parts = ["set -euo pipefail", f"trap \"echo '{END}'\" EXIT"]
        for step in self.steps:
            commands = STARTS_IN_BACKGROUND.sub(started, self.ports.here(step.commands))
            parts += [f"# line {step.line}", commands, f"echo; echo '{MARK}'"]
        return "\n".join(parts)

    def finish(self) -> list[tuple[Step, str]]:
        """Each step with what it printed. A command that fails, or does not end, fails the test."""
        try:
            printed, rest = self._read()
        finally:
            self.end()
        if len(printed) == len(self.steps):
            return list(zip(self.steps, printed))
        step = self.steps[len(printed)]
        raise AssertionError(f"line {step.line} of the guide: a command failed, or took over {LONGEST_S} s\n"
                             f"{step.commands}\n--- it said\n{rest}")

    def _read(self) -> tuple[list[str], str]:
        # What runs in the background holds the pipe open: its end may not come.
        printed, lines = [], []
        for line in self._process.stdout:
            if line.strip() == END:
                break
            if line.strip() == MARK:
                printed.append(self.ports.as_on_the_page("".join(lines)))
                lines = []
            else:
                lines.append(line)
        return printed, self.ports.as_on_the_page("".join(lines))

    def end(self) -> None:
        """Ends whatever the scenario started, at once."""
        self._too_long.cancel()
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:  # nothing is left of it
            pass
        self._process.wait()
