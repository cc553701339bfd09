#!/usr/bin/env python3
"""How much memory a thousand listeners take who do not listen: clients that read the beginning of one clip.

Each listener asks for `/v1/audio/speech`, reads the head and the first bytes, and then nothing, with a small receive
buffer, so that the rest waits on the gateway's side: for a clip that is stored, for one that was recorded as events and is
turned, and for one that the provider has not finished (followers of the call under way). The figure is what the gateway's
resident memory grew by; what the kernel holds in its socket buffers is not in it. Some of those who hit read on, to the
last byte.
"""

import argparse
import contextlib
import json
import resource
import socket
import time
from dataclasses import dataclass

from http_connection import Connection, post
from processes import Bench, Server, machine, upstream_calls

PATH = "/v1/audio/speech"
RECEIVE_BUFFER = 4096
SEGMENT = 1448
FIRST_BYTES = 1024
READ_TO_THE_END = 20
PIECES_BEFORE_SILENCE = 80
SETTLE_SECONDS = 2


def request(form: str = "audio", **headers: str) -> bytes:
    # The fake provider speaks a character in 60 ms, of 24,000 samples of two bytes a second.
    body = {"model": "gpt-4o-mini-tts", "voice": "alloy", "response_format": "wav", "input": "Say it again. " * 26,
            "stream_format": form}
    return post(PATH, json.dumps(body).encode(), **headers)


def record(gateway: Server, form: str) -> bytes:
    """Has the clip stored in that form, and returns it as a hit."""
    connection = Connection(gateway.port)
    connection.exchange(request(form))
    clip = connection.exchange(request()).body
    connection.close()
    return clip


class Listener:
    """A client that reads the beginning of an answer."""

    def __init__(self, port: int, asking: bytes, outcome: str):
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        # With a network's segments the kernel gives a connection a network's send buffer. By its own segments of 64 KiB,
        # loopback's would take the whole clip, and nothing would wait in the gateway.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
        self._socket.connect(("127.0.0.1", port))
        self._socket.sendall(asking)
        self._outcome = f"x-refrain-cache: {outcome.lower()}\r\n".encode()

    def read_the_beginning(self) -> None:
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0 or len(received) < end + FIRST_BYTES:
            received += self._some()
        if self._outcome not in received.lower():
            raise SystemExit(f"not {self._outcome.decode().strip()}: {received[:end].decode('latin-1')}")
        self._body = received[end + 4:]

    def read_on(self, size: int) -> bytes:
        """The whole body, of so many bytes."""
        while len(self._body) < size:
            self._body += self._some()
        return self._body

    def _some(self) -> bytes:
        some = self._socket.recv(65536)
        if not some:
            raise SystemExit("the gateway closed a listener's connection")
        return some

    def close(self) -> None:
        self._socket.close()


@dataclass
class Grown:
    """Resident bytes of the gateway before its listeners came and with all of them."""

    before: int
    after: int


def crowd(gateway: Server, count: int, outcome: str, stack: contextlib.ExitStack) -> tuple[Grown, list[Listener]]:
    """Brings the listeners in, and waits until they have begun."""
    time.sleep(SETTLE_SECONDS)
    before = gateway.resident_bytes()
    listeners = []
    for _ in range(count):
        listeners.append(Listener(gateway.port, request(), outcome))
        stack.callback(listeners[-1].close)
    for listener in listeners:
        listener.read_the_beginning()
    time.sleep(SETTLE_SECONDS)
    return Grown(before, gateway.resident_bytes()), listeners


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refrain", default="build/release/refrain", help="the binary (build/release/refrain)")
    parser.add_argument("--listeners", type=int, default=1000, help="at once (1000)")
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    rows = []
    with Bench(options.refrain) as bench:
        mock = bench.mock()
        for title, recorded, outcome in (("a stored clip", "audio", "HIT"), ("one that was recorded as events", "sse", "HIT"),
                                         ("one that is being recorded", "audio", "COALESCED")):
            with contextlib.ExitStack() as stack:
                gateway = bench.gateway(mock, "--threads", "1", "--store", "memory:")
                if outcome == "HIT":
                    whole = record(gateway, recorded)
                else:
                    leader = Listener(gateway.port, request(recorded, x_mock_stall=str(PIECES_BEFORE_SILENCE)), "MISS")
                    stack.callback(leader.close)
                    leader.read_the_beginning()
                calls = upstream_calls(mock)
                grown, listeners = crowd(gateway, options.listeners, outcome, stack)
                for listener in listeners[:READ_TO_THE_END] if outcome == "HIT" else []:
                    if listener.read_on(len(whole)) != whole:
                        raise SystemExit("a listener got other bytes")
                if upstream_calls(mock) != calls:
                    raise SystemExit("the provider was asked again")
                rows.append((title, grown))
    print(f"{options.listeners} listeners who read the beginning of one clip. {machine()}.\n")
    print("| listening to | MiB before | with all of them | KiB a listener |")
    print("|---|---|---|---|")
    for title, grown in rows:
        each = (grown.after - grown.before) / 2**10 / options.listeners
        print(f"| {title} | {grown.before / 2**20:.1f} | {grown.after / 2**20:.1f} | {each:.1f} |")


if __name__ == "__main__":
    main()
