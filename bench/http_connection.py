"""One keep-alive HTTP/1.1 connection, as little Python as possible between the clock and the socket."""

import dataclasses
import socket
import time


@dataclasses.dataclass(frozen=True)
class Timing:
    """One exchange: nanoseconds from the first byte sent to the first byte of the body, and to the last."""

    first_byte: int
    last_byte: int
    status: int
    headers: dict[str, str]
    body: bytes


def post(path: str, body: bytes, **headers: str) -> bytes:
    """A request's bytes. Underscores in the headers' names stand for hyphens."""
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", "content-type: application/json",
             f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def exchange(self, request: bytes) -> Timing:
        """Sends a request and reads its whole answer."""
        started = time.perf_counter_ns()
        self._socket.sendall(request)
        received = self._socket.recv(65536)
        while (end := received.find(b"\r\n\r\n")) < 0 or len(received) == end + 4:
            received += self._more()
        first_byte = time.perf_counter_ns() - started

        status_line, *lines = received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = received[end + 4:]
        if "content-length" in headers:
            while len(body) < int(headers["content-length"]):
                body += self._more()
        else:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        last_byte = time.perf_counter_ns() - started
        return Timing(first_byte, last_byte, int(status_line.split()[1]), headers, body)

    def _more(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise SystemExit("a server closed the connection within an answer")
        return received
