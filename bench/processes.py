"""Servers for a benchmark: started on a core of their own, measured through /proc, ended with the scenario."""

import contextlib
import dataclasses
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

SERVER_CORE = 0
LOAD_CORE = 1
START_SECONDS = 10
LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


NGINX_CONF = """
@account@ worker_processes 1; daemon off; pid @folder@/pid; error_log @folder@/error.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h; tcp_nodelay on; sendfile on; server_tokens off;
  client_body_buffer_size 64k; client_body_in_single_buffer on;
  client_body_temp_path @folder@/body; proxy_temp_path @folder@/proxy; fastcgi_temp_path @folder@/fastcgi;
  uwsgi_temp_path @folder@/uwsgi; scgi_temp_path @folder@/scgi;
  @http_block@
  server {
    listen 127.0.0.1:@port@ backlog=1024;
    @server_block@
  }
}
"""


@dataclasses.dataclass(frozen=True)
class CpuTime:
    """Processor time, in seconds."""

    user: float
    kernel: float

    def __sub__(self, earlier: "CpuTime") -> "CpuTime":
        return CpuTime(self.user - earlier.user, self.kernel - earlier.kernel)


class Server:
    """A running server process, its children, and the port it listens on."""

    def __init__(self, process: subprocess.Popen, port: int, log: Path):
        self.port = port
        self.log = log  # what it has said
        self._process = process

    def pids(self) -> list[int]:
        """The process and its children."""
        found = [self._process.pid]
        for pid in found:  # grows while it is walked
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def cpu(self) -> CpuTime:
        """What the process and its children have used since they started."""
        user = kernel = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            user, kernel = user + int(fields[11]), kernel + int(fields[12])
        return CpuTime(user / TICKS_PER_SECOND, kernel / TICKS_PER_SECOND)

    def resident_bytes(self) -> int:
        """VmRSS of the process itself."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Bench:
    """Starts servers and temporary folders, and takes all of them away again when the `with` block ends."""

    def __init__(self, refrain: str):
        self.refrain = str(Path(refrain).resolve())
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *exception) -> None:
        self._stack.close()

    def folder(self) -> Path:
        """A temporary folder in memory, where the system has one."""
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        path = Path(tempfile.mkdtemp(prefix="refrain-bench-", dir=memory))
        self._stack.callback(shutil.rmtree, path, ignore_errors=True)
        return path

    def start(self, command: list[str], log: Path, environment: dict[str, str], port: int | None,
              core: int | None) -> Server:
        """Starts a server on `core` (None: any); waits until it listens on `port` (None: it prints the one it took)."""
        pinned = ["taskset", "--cpu-list", str(core), *command] if core is not None else command
        with log.open("wb") as output:
            process = subprocess.Popen(pinned, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
        server = Server(process, port or 0, log)
        self._stack.callback(server.stop)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            match = LISTENING.search(log.read_text(errors="replace"))
            if port is None and match:
                server.port = int(match.group(1))
                return server
            if port is not None and accepts(port):
                return server
            time.sleep(0.001)
        raise SystemExit(f"{' '.join(command)} did not start:\n{log.read_text(errors='replace')}")

    def mock(self, *, latency_ms: int = 0) -> Server:
        """The fake provider, beside the load."""
        command = [self.refrain, "mock", "--listen", "127.0.0.1:0", "--latency", str(latency_ms)]
        folder = self.folder()
        return self.start(command, folder / "log", clean_environment(folder), None, LOAD_CORE)

    def gateway(self, upstream: Server, *arguments: str, core: int | None = SERVER_CORE) -> Server:
        """`refrain serve` before `upstream`, without an admin plane."""
        command = [self.refrain, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "off", *arguments]
        folder = self.folder()
        environment = clean_environment(folder) | {"OPENAI_BASE_URL": f"http://127.0.0.1:{upstream.port}/v1",
                                                   "OPENAI_API_KEY": "sk-bench",
                                                   "REFRAIN_UPSTREAM_OPENAI_ASK_USAGE": "true"}
        return self.start(command, folder / "log", environment, None, core)

    def redis(self, *arguments: str, core: int | None = LOAD_CORE) -> Server:
        """A Redis that keeps nothing on disk."""
        folder, port = self.folder(), free_port()
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                   "--dir", str(folder), *arguments]
        return self.start(command, folder / "log", clean_environment(folder), port, core)

    def nginx(self, server_block: str, http_block: str = "", *, core: int = SERVER_CORE, **values: object) -> Server:
        """One nginx worker, its logs off. @folder@ in the blocks is its temporary folder; other @names@ are `values`."""
        folder, port = self.folder(), free_port()
        values |= {"folder": folder, "port": port, "account": "user root;" if os.getuid() == 0 else ""}
        text = NGINX_CONF.replace("@http_block@", http_block).replace("@server_block@", server_block)
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        (folder / "nginx.conf").write_text(text)
        # An administrator's tool, and so not on everybody's path.
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
        return self.start(command, folder / "log", clean_environment(folder), port, core)


def clean_environment(folder: Path) -> dict[str, str]:
    """Nothing of the person who measures can change what is measured."""
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("DATA", "STATE", "CONFIG", "CACHE")}
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"} | homes


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def upstream_calls(mock: Server) -> int:
    """Requests the fake provider has answered."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{mock.port}/__mock/calls") as answer:
        return int(re.search(rb'"calls":\s*(\d+)', answer.read()).group(1))


def machine() -> str:
    """One line on what was measured on."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    return f"{model.group(1) if model else os.uname().machine}, {os.cpu_count()} cores, Linux {os.uname().release}"
