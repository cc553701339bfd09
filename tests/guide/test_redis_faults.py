"""docs/guide/redis.md: every sentence that refrain says of a Redis stands there, and those that can be provoked are so."""

import functools
import json
import re
import socket
import subprocess
import threading

import pytest

from page import REDIS_GUIDE, ROOT, as_pattern, plain, rows
from refrain_process import binary, clean_environment
from servers import Redis, free_port, make_authority, make_certificate

SOURCES = ["faults", "diagnosis", "diagnosis_connection", "diagnosis_sentinel", "diagnosis_cluster",
           "diagnosis_server", "diagnosis_judgements", "diagnosis_write", "address", "address_hosts", "address_query",
           "trust"]
LITERALS = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+')
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
FIELD = re.compile(r"\{[^}]*\}")
SHORTEST = 20  # characters: what is shorter is a word or a part of a sentence
# Neither a fault nor its remedy.
OF_ANOTHER_KIND = {
    "ERR AUTH called without any password", "{} names {} as the primary of {}",
    "all of its {} primaries are reached, let us in and take writes",
    "of an unknown version", "{} says that it is whole: {} nodes", "the user {} may do what the store needs",
    "the user {} may not do all that {}: it lacks {}", "the number of a database",
    "{} takes them, one by one: it knows no transactions", "the path of a PEM file",
    "the name that the Sentinels know the primary by", "unknown command `hello",
}
# What the page puts in a sentence's open places.
NAMES = r"HOST:PORT|\b(?:HOST|PORT|PATH|TIME|REASON|NUMBER|USER|RULES|SERVICE|NAMES|NAME|SIZE|VERSION)\b"


def sentences() -> list[str]:
    """The string literals of the sources that are long enough to be a sentence."""
    found = []
    for name in SOURCES:
        source = (ROOT / f"src/redis/{name}.cc").read_text(encoding="utf-8")
        source = re.sub(r"^\s*(#include|//).*$", "", source, flags=re.MULTILINE)
        source = re.sub(r"'(?:[^'\\\n]|\\.)'", "", source)  # characters, of which one is a quote
        for literals in LITERALS.findall(source):
            text = "".join(LITERAL.findall(literals)).replace('\\"', '"').strip(":;, ")
            if len(FIELD.sub("", text)) >= SHORTEST and " " in text and text not in OF_ANOTHER_KIND:
                found.append(text)
    return found


@functools.cache
def page_text() -> str:
    """The tables of the page, each row as a sentence says it: the fault, a colon, its remedy."""
    return "\n".join(with_colons(": ".join(row)) for row in rows(REDIS_GUIDE))


def with_colons(sentence: str) -> str:
    """In a few sentences a semicolon stands before the remedy."""
    return sentence.replace("; ", ": ")


def test_the_sources_are_read_right():
    assert len(sentences()) > 100
    assert "Redis asks for a password: set REDIS_PASSWORD or redis://:password@host" in sentences()


@pytest.mark.parametrize("sentence", dict.fromkeys(sentences()))
def test_every_sentence_stands_in_a_table(sentence):
    pattern = as_pattern(with_colons(plain(sentence)), FIELD.pattern)
    assert re.search(pattern.pattern, page_text(), re.IGNORECASE), f"not in a table of the page: {sentence}"


class Diagnosed:
    """What doctor finds of a Redis, given by its URL and further variables."""

    def __init__(self, folder, url: str, **settings: str):
        told = subprocess.run([binary(), "doctor", "--offline", "--json"], cwd=folder, timeout=30, check=False,
                              env=clean_environment(folder, REDIS_URL=url, **settings), text=True,
                              stdout=subprocess.PIPE)
        self.all = [one for one in json.loads(told.stdout)["checks"]
                    if one["check"].startswith("redis") or one["check"] == "configuration"]
        self.bad = [one for one in self.all if one["verdict"] != "ok"]

    def as_on_the_page(self, text: str) -> bool:
        """Whether a finding that holds `text` stands in a row of the page, with its remedy."""
        said = [one for one in self.bad if text in one["text"]]
        assert said, f"{text!r} is not among {self.all}"
        for row in rows(REDIS_GUIDE):
            fault, remedy = (as_pattern(cell, NAMES) for cell in row[:2])
            # A row may name several faults that have one remedy.
            faults = [fault, *(as_pattern(part, NAMES) for part in re.split("[,;] ", row[0]))]
            if any(one.search(plain(said[0]["text"])) for one in faults) and remedy.fullmatch(plain(said[0]["mend"])):
                return True
        return False


def test_a_closed_port(tmp_path):
    assert Diagnosed(tmp_path, f"redis://127.0.0.1:{free_port()}").as_on_the_page("Connection refused")


def test_a_name_that_nobody_knows(tmp_path):
    assert Diagnosed(tmp_path, "redis://no-such-host.invalid:6379").as_on_the_page("no-such-host.invalid")


def test_a_socket_that_is_not_there(tmp_path):
    assert Diagnosed(tmp_path, f"unix://{tmp_path}/no.sock").as_on_the_page("No such file")


@pytest.mark.parametrize("greeting, text", [
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", "web server"),
    (b"-DENIED Redis is running in protected mode\r\n", "protected mode"),
    (b"-LOADING Redis is loading the dataset in memory\r\n", "reading its data"),
    (b"-MASTERDOWN Link with MASTER is down\r\n", "lost its primary"),
    (b"-ERR max concurrent connections exceeded\r\n", "as many clients"),
    (b"-ERR max daily request limit exceeded\r\n", "bound of its plan"),
])
def test_what_is_no_redis_for_us(tmp_path, greeting, text):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            while True:
                try:
                    caller, _ = listener.accept()
                except OSError:  # closed: the test is over
                    return
                with caller:
                    caller.recv(4096)
                    caller.sendall(greeting)
        threading.Thread(target=serve, daemon=True).start()
        found = Diagnosed(tmp_path, f"redis://127.0.0.1:{listener.getsockname()[1]}")
        listener.shutdown(socket.SHUT_RDWR)
    assert found.as_on_the_page(text)


def test_passwords(tmp_path):
    with Redis(tmp_path, "--requirepass", "right") as redis:
        assert Diagnosed(tmp_path, redis.url).as_on_the_page("asks for a password")
        assert Diagnosed(tmp_path, f"redis://:wrong@127.0.0.1:{redis.port}").as_on_the_page("refuses the user")
    with Redis(tmp_path) as redis:
        assert Diagnosed(tmp_path, f"redis://:any@127.0.0.1:{redis.port}").as_on_the_page("lets in whoever has none")


def test_rights(tmp_path):
    with Redis(tmp_path, "--user", "app", "on", ">pw", "~*", "+@all", "-hset", "-select", "-info") as redis:
        found = Diagnosed(tmp_path, f"redis://app:pw@127.0.0.1:{redis.port}")
        assert found.as_on_the_page("does not allow this user")
        assert found.as_on_the_page("that the store needs")
        assert Diagnosed(tmp_path, f"redis://app:pw@127.0.0.1:{redis.port}/1").as_on_the_page("may not choose database")


def test_memory_and_databases(tmp_path):
    with Redis(tmp_path, "--maxmemory", "1", "--maxmemory-policy", "noeviction") as redis:
        found = Diagnosed(tmp_path, redis.url)
        assert found.as_on_the_page("memory is full")
        assert found.as_on_the_page("policy noeviction")
    with Redis(tmp_path, "--maxclients", "3") as redis:
        assert Diagnosed(tmp_path, redis.url).as_on_the_page("no bound")
        assert Diagnosed(tmp_path, redis.url).as_on_the_page("clients are connected")
        assert Diagnosed(tmp_path, f"{redis.url}/99").as_on_the_page("no database of that number")


def test_replicas(tmp_path):
    with Redis(tmp_path) as primary, Redis(tmp_path, "--replicaof", "127.0.0.1", str(primary.port)) as replica:
        assert Diagnosed(tmp_path, replica.url).as_on_the_page("takes no writes")
    with Redis(tmp_path, "--min-replicas-to-write", "1") as alone:
        assert Diagnosed(tmp_path, alone.url).as_on_the_page("so few replicas")


def test_the_wrong_kind_of_server(tmp_path):
    with Redis(tmp_path, "--cluster-enabled", "yes", "--cluster-port", str(free_port())) as node:
        assert Diagnosed(tmp_path, node.url).as_on_the_page("is a node of a Redis Cluster")
        assert Diagnosed(tmp_path, f"{node.url}/1").as_on_the_page("database 0 only")
        assert Diagnosed(tmp_path, f"redis+cluster://127.0.0.1:{node.port}").as_on_the_page("the Cluster is down")
    with Redis(tmp_path) as alone:
        assert Diagnosed(tmp_path, f"redis+cluster://127.0.0.1:{alone.port}").as_on_the_page("is no Cluster")
        assert Diagnosed(tmp_path, f"redis+sentinel://127.0.0.1:{alone.port}/main").as_on_the_page("is a server")
        watched = f"sentinel monitor main 127.0.0.1 {alone.port} 2\n"
        with Redis(tmp_path, "--sentinel", config=watched) as sentinel:
            assert Diagnosed(tmp_path, sentinel.url).as_on_the_page("is a Sentinel")
            url = f"redis+sentinel://127.0.0.1:{sentinel.port}"
            assert Diagnosed(tmp_path, f"{url}/other").as_on_the_page("knows no service")
            assert Diagnosed(tmp_path, f"{url}/main").as_on_the_page("too few other Sentinels")


def test_tls(tmp_path):
    make_authority(tmp_path)
    make_certificate(tmp_path, "good", "IP:127.0.0.1")
    make_certificate(tmp_path, "other", "DNS:redis.example")
    make_certificate(tmp_path, "old", "IP:127.0.0.1", days=-1)
    ca = {"REDIS_SSL_CA_CERTS": str(tmp_path / "ca.crt")}
    with Redis(tmp_path, certificate="good") as redis:
        assert Diagnosed(tmp_path, redis.url).as_on_the_page("speaks TLS and was spoken to in plain text")
        assert Diagnosed(tmp_path, redis.tls_url).as_on_the_page("certificate")
        assert [one["check"] for one in Diagnosed(tmp_path, redis.tls_url, **ca).bad] == ["redis memory"]
    with Redis(tmp_path, certificate="other") as redis:
        assert Diagnosed(tmp_path, redis.tls_url, **ca).as_on_the_page("mismatch")
    with Redis(tmp_path, certificate="old") as redis:
        assert Diagnosed(tmp_path, redis.tls_url, **ca).as_on_the_page("expired")
    with Redis(tmp_path, "--tls-auth-clients", "yes", certificate="good") as redis:
        assert Diagnosed(tmp_path, redis.tls_url, **ca).as_on_the_page("certificate required")
    with Redis(tmp_path) as redis:
        assert Diagnosed(tmp_path, redis.tls_url).as_on_the_page("speaks plain text and was spoken to by TLS")


@pytest.mark.parametrize("url, text", [
    ("redis://localhost#1", "may follow a #"), ("redis+cluster://a/1", "database 0 only"),
    ("redis+sentinel://a", "the service is missing"), ("redis://localhost?ssl_ca_certs=x", "speaks of TLS"),
    ("redis://localhost?db=1&db=2", "stands twice"), ("redis://localhost?databse=1", "unknown"),
    ("redis://localhost/1?db=2", "two databases"), ("redis://localhost:1?timeout=1", "mean nothing here"),
    ("reddis://localhost", "scheme"), ("http://localhost:6379", "web API"),
    ("redis://localhost:secret", "no number from 1"), ("redis://localhost/x", "no number of a database"),
    ("redis://a,b", "several hosts"), ("unix://a", "a socket has its whole path"), ("/run/redis.sock", "store.url from REDIS_URL"),
    ("redis-cli -u redis://localhost", "a whole command"), ("https://eu1-x-1.upstash.io", "web API"),
])
def test_urls(tmp_path, url, text):
    assert Diagnosed(tmp_path, url).as_on_the_page(text)


def test_the_acl_is_what_the_store_needs(tmp_path):
    """The rules of the guide are those that doctor misses where a user has none: the table of src/store."""
    guide = REDIS_GUIDE.read_text(encoding="utf-8")
    line = re.search(r"ACL SETUSER refrain (.*?)\n```", guide, re.DOTALL).group(1)
    of_guide = {word.strip("'") for word in line.split() if word.strip("'")[0] in "~+"}
    missed = set()
    # Keys are tried by a command, so the user that lacks the keys has the commands.
    with Redis(tmp_path, "--user", "a", "on", ">pw", "~*", "-@all", "--user", "b", "on", ">pw", "+@all") as redis:
        for user in "ab":
            for one in Diagnosed(tmp_path, f"redis://{user}:pw@127.0.0.1:{redis.port}").bad:
                if one["check"] == "redis rights":
                    missed |= set(one["text"].partition("it lacks ")[2].split())
    assert of_guide == missed
    table = (ROOT / "src/store/redis_rights.cc").read_text(encoding="utf-8")
    for rule in set(re.findall(r'"(\+[a-z|]+)"', table)) - missed:
        assert rule.replace("|", "\\|") in guide, f"{rule} is needed in some topology, and the guide does not say so"
