"""deploy/: what compose.yaml and the Dockerfile name is there, and their commands work. Docker itself is not needed."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from page import ROOT
from refrain_process import RefrainProcess, binary
from servers import PROGRAM, free_port

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def settings_that_are_read(names, folder) -> set[str]:
    """Those of the variables that `refrain config` takes a value from."""
    # Each kind of setting takes a value of its own.
    values = {"REFRAIN_SERVER_LISTEN": "0.0.0.0:7337", "REDIS_PORT": "6379"}
    environment = {name: values.get(name, "some-text") for name in names}
    told = subprocess.run([binary(), "config", "--json"], env={"PATH": "/usr/bin", "HOME": str(folder), **environment},
                          cwd=folder, text=True, check=True, capture_output=True).stdout
    return {name for name in names if f"{name} in the environment" in told}


def variables(path: Path) -> list[str]:
    return re.findall(r"^([A-Z_]+)=", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_variable_of_the_gateway_is_a_setting(tmp_path):
    of_image = re.findall(r"(REFRAIN_\w+)=", DOCKERFILE)
    names = {*SERVICES["gateway"]["environment"], *variables(DEPLOY / ".env.example"), *of_image}
    parts_of_the_url = {"REDIS_HOST", "REDIS_PASSWORD"}
    assert names - settings_that_are_read(names - parts_of_the_url, tmp_path) == parts_of_the_url
    known = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert all(f"#{name}=" in known for name in parts_of_the_url)


def test_what_compose_asks_for_stands_in_the_example_of_env():
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    assert asked == {"REDIS_PASSWORD"}
    assert asked <= set(variables(DEPLOY / ".env.example"))


def test_all_services_take_the_password_from_one_place():
    told = [value for service in SERVICES.values() for name, value in service["environment"].items()
            if name.endswith("REDIS_PASSWORD")]
    assert len(told) == len(SERVICES)
    assert len(set(told)) == 1


def test_a_stop_waits_longer_than_streams_may_take_to_finish():
    settings = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    drain = int(re.search(r"^\| `server\.drain` .*\| `(\d+) s` \|", settings, re.MULTILINE).group(1))
    unit = (DEPLOY / "refrain.service").read_text(encoding="utf-8")
    assert int(SERVICES["gateway"]["stop_grace_period"].removesuffix("s")) > drain
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE).group(1)) > drain


def test_redis_is_started_by_what_gives_up_root():
    assert "exec docker-entrypoint.sh redis-server " in SERVICES["redis"]["command"][-1]


def test_the_example_of_env_holds_no_value_and_env_is_never_committed():
    assert not re.search(r"^[A-Z_]+=.", (DEPLOY / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    for ignored in (".gitignore", ".dockerignore"):
        assert re.search(r"^(\*\*/)?\.env$", (ROOT / ignored).read_text(encoding="utf-8"), re.MULTILINE)


def test_ports_are_opened_on_this_machine_alone():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert sorted(ports) == ["127.0.0.1:5540:5540", "127.0.0.1:7337:7337"]
    assert "ports" not in SERVICES["redis"]


def test_images_are_pinned_and_files_and_volumes_are_there():
    for service in SERVICES.values():
        assert "build" in service or re.search(r":\d+\.\d+", service["image"])
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (DEPLOY / source).is_file()
        for needed in service.get("depends_on", []):
            assert needed in SERVICES
    build = SERVICES["gateway"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


@pytest.fixture
def redis_as_in_compose(tmp_path):
    """The service's own command, at a port and in a folder of the test; its password."""
    port, password = free_port(), "5f2e7a"
    conf = tmp_path / "redis.conf"
    text = (DEPLOY / "redis.conf").read_text(encoding="utf-8").replace("bind * -::*", "bind 127.0.0.1")
    conf.write_text(f"{text}dir {tmp_path}\n".replace("port 6379", f"port {port}"), encoding="utf-8")
    # The image's own start, which no machine has outside of it, gives up root and then calls what follows it.
    command = [word.replace("$$", "$").replace("/etc/redis.conf", str(conf))
               .replace("docker-entrypoint.sh redis-server", PROGRAM) for word in SERVICES["redis"]["command"]]
    process = subprocess.Popen(command, env={"PATH": "/usr/bin:/bin", "REDIS_PASSWORD": password},
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    yield process, port, password
    process.kill()
    process.wait()


def test_redis_starts_with_its_password_and_is_found_healthy(redis_as_in_compose):
    process, port, password = redis_as_in_compose
    command = SERVICES["redis"]["healthcheck"]["test"][1].replace("$$", "$").replace("redis-cli", f"redis-cli -p {port}")
    health = ["sh", "-c", command]
    environment = {"PATH": "/usr/bin:/bin"}
    for _ in range(500):
        if subprocess.run(health, env={**environment, "REDIS_PASSWORD": password}, check=False).returncode == 0:
            break
        assert process.poll() is None
    else:
        pytest.fail("it never becomes healthy")
    assert subprocess.run(health, env={**environment, "REDIS_PASSWORD": "x"}, check=False).returncode != 0
    told = subprocess.run(["redis-cli", "-p", str(port), "config", "get", "maxmemory*"], text=True, check=True,
                          env={**environment, "REDISCLI_AUTH": password}, capture_output=True).stdout.split()
    assert told[told.index("maxmemory") + 1] == str(512 << 20)
    assert told[told.index("maxmemory-policy") + 1] == "allkeys-lru"


def test_the_check_of_the_image_tells_a_gateway_from_none(tmp_path):
    command = json.loads(re.search(r"^HEALTHCHECK .*? CMD (\[.*\])$", DOCKERFILE, re.MULTILINE).group(1))
    gateway = RefrainProcess("serve", "--listen", "127.0.0.1:0", "--admin-listen", "off", home=tmp_path)
    port = gateway.url.rpartition(":")[2]
    check = [word.replace("7337", port) for word in command]
    try:
        assert subprocess.run(check, check=False, capture_output=True).returncode == 0
    finally:
        gateway.stop()
    assert subprocess.run(check, check=False, capture_output=True).returncode != 0


def test_the_image_has_the_libraries_that_the_binary_needs():
    if "bookworm" not in Path("/etc/os-release").read_text(encoding="utf-8"):
        pytest.skip("the packages have other names in other releases")
    told = subprocess.run(["ldd", binary()], text=True, check=True, capture_output=True).stdout
    needed = set()
    for path in re.findall(r"=> (/\S+)", told):
        for spelling in (path, str(Path(path).resolve()), path.removeprefix("/usr"), f"/usr{path}"):
            owner = subprocess.run(["dpkg", "-S", spelling], text=True, check=False, capture_output=True).stdout
            if owner:
                needed.add(owner.partition(":")[0])
                break
    of_every_image = {"libc6", "libgcc-s1"}
    assert needed - of_every_image <= set(DOCKERFILE.split()) | of_every_image
