"""Real Redis servers for a test, each on a port and in a folder of its own, and certificates for them."""

import datetime
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

# The tests also run against another server, as those in C++ do (src/redis/testing_server.h).
PROGRAM = os.environ.get("REFRAIN_TEST_REDIS_SERVER") or "redis-server"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Redis:
    """A server that keeps nothing on disk, at work within `with`. `certificate` names one of make_certificate."""

    def __init__(self, folder: Path, *options: str, config: str = "", certificate: str = ""):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self.tls_url = f"rediss://127.0.0.1:{self.port}"
        own = Path(tempfile.mkdtemp(dir=folder))
        (own / "config").write_text(config, encoding="utf-8")
        listens = ["--port", str(self.port)]
        if certificate:
            listens = ["--port", "0", "--tls-port", str(self.port), "--tls-auth-clients", "no",
                       "--tls-ca-cert-file", str(folder / "ca.crt"),
                       "--tls-cert-file", str(folder / f"{certificate}.crt"),
                       "--tls-key-file", str(folder / f"{certificate}.key")]
        kept = [] if "--sentinel" in options else ["--save", ""]
        self._command = [PROGRAM, own / "config", *listens, "--bind", "127.0.0.1", *kept, "--dir", own,
                         "--logfile", own / "log", *options]

    def __enter__(self) -> "Redis":
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
        subprocess.run([sys.executable, Path(__file__).with_name("listening.py"), str(self._process.pid)], check=True)
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.wait()


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path) -> None:
    """ca.crt and ca.key."""
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt")
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n", encoding="utf-8")
    (folder / "ca.conf").write_text(
        "[ca]\ndefault_ca=us\n[us]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n"
        "policy=any\nunique_subject=no\ncopy_extensions=copy\n[any]\ncommonName=supplied\n", encoding="utf-8")


def make_certificate(folder: Path, name: str, names: str, days: int = 1) -> None:
    """<name>.crt and <name>.key, good for the `names` of a subjectAltName; from yesterday, or before, for `days`."""
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
            "-addext", f"subjectAltName={names}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    now = datetime.datetime.now(datetime.timezone.utc)
    until = now + datetime.timedelta(days=days)
    begin = min(now, until) - datetime.timedelta(days=1)
    openssl(folder, "ca", "-batch", "-notext", "-config", "ca.conf", "-cert", "ca.crt", "-keyfile", "ca.key",
            "-startdate", f"{begin:%Y%m%d%H%M%SZ}", "-enddate", f"{until:%Y%m%d%H%M%SZ}",
            "-in", f"{name}.csr", "-out", f"{name}.crt")
