"""Starts `refrain` commands that listen, each in a home of its own, and ends what it started."""

import os
import queue
import re
import subprocess
import threading
from pathlib import Path

LISTENING = re.compile(r"listening on (https?://127\.0\.0\.1:\d+)")
START_SECONDS = 30


def binary() -> str:
    """The binary under test: $REFRAIN_BINARY, or the release build."""
    built = Path(__file__).resolve().parents[3] / "build/release/refrain"
    return os.environ.get("REFRAIN_BINARY", str(built))


def clean_environment(home: Path, **settings: str) -> dict[str, str]:
    """An environment in which nothing of the person who runs the tests can change an outcome."""
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "STATE", "CONFIG", "CACHE")}
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **folders, **settings}


class RefrainProcess:
    """`refrain <arguments>` on a port it chose itself. Its output is kept for the report of a failure."""

    def __init__(self, *arguments: str, home: Path, **settings: str):
        home.mkdir(parents=True, exist_ok=True)
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            [binary(), *arguments], cwd=home, env=clean_environment(home, **settings), text=True, bufsize=1,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read_output, args=(found,), daemon=True).start()
        try:
            url = found.get(timeout=START_SECONDS)
        except queue.Empty:
            url = None
        if url is None:
            self.stop()
            raise RuntimeError(f"refrain {' '.join(arguments)} did not start:\n{''.join(self.lines)}")
        self.url = url

    def _read_output(self, found: "queue.Queue[str | None]") -> None:
        for line in self._process.stdout:
            self.lines.append(line)
            match = LISTENING.search(line)
            if match:
                found.put(match.group(1))
        found.put(None)

    def stop(self) -> int:
        """Ends the process, politely at first. Its exit status."""
        self._process.terminate()
        try:
            return self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
