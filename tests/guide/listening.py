#!/usr/bin/env python3
"""listening.py PID: waits until the process listens at a port or a socket's path. Fails where it ends before that."""

import os
import sys
import time
from pathlib import Path

LISTENING = {"tcp": "0A", "tcp6": "0A", "unix": "01"}  # the states in /proc/net


def listening_sockets() -> set[str]:
    inodes = set()
    for table, state in LISTENING.items():
        for line in Path(f"/proc/net/{table}").read_text(encoding="utf-8").splitlines()[1:]:
            words = line.split()
            is_unix = table == "unix"
            # A listening socket of a path has the flag 10000 (__SO_ACCEPTCON).
            if (words[5] == state and words[3] == "00010000") if is_unix else words[3] == state:
                inodes.add(words[6] if is_unix else words[9])
    return inodes


def sockets_of(process: int) -> set[str]:
    found = set()
    for entry in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = os.readlink(entry)
        except OSError:  # closed in between
            continue
        if target.startswith("socket:["):
            found.add(target.removeprefix("socket:[").removesuffix("]"))
    return found


def main() -> None:
    process = int(sys.argv[1])
    for _ in range(2000):
        try:
            if sockets_of(process) & listening_sockets():
                return
        except FileNotFoundError:
            sys.exit("what was put into the background has ended")
        time.sleep(0.01)
    sys.exit("what was put into the background does not listen")


if __name__ == "__main__":
    main()
