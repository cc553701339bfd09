"""One fake provider and one gateway for the whole run; every test is a tenant of its own, so none sees another's."""

import hashlib
import itertools
import json
import os
import urllib.request

import openai
import pytest

from refrain_process import RefrainProcess

os.environ["NO_PROXY"] = "127.0.0.1"  # whatever proxy the machine uses, the suite's own servers are here

NOT_IN_THE_PROOF = ("stream", "stream_options", "user", "metadata", "safety_identifier", "prompt_cache_key", "store",
                    "service_tier", "cache")


SPEAKERS = ("ELEVENLABS", "SARVAM", "DEEPGRAM", "CARTESIA")


def proof_of(**request) -> str:
    """The text by which the fake provider shows which request it answered (`refrain mock --help`)."""
    request = {name: value for name, value in request.items() if name not in NOT_IN_THE_PROOF}
    text = json.dumps(request, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"proof:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class Mock:
    """The fake provider, and how often it was asked."""

    def __init__(self, url: str):
        self.url = url

    def calls(self) -> int:
        """Requests answered since the start, in whatever way."""
        with urllib.request.urlopen(f"{self.url}/__mock/calls") as answer:
            return json.load(answer)["calls"]


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def mock(home):
    process = RefrainProcess("mock", "--listen", "127.0.0.1:0", home=home / "mock")
    yield Mock(process.url)
    process.stop()


@pytest.fixture(scope="session")
def gateway(home, mock):
    process = RefrainProcess("serve", "--listen", "127.0.0.1:0", "--admin-listen", "off", home=home / "gateway",
                             OPENAI_BASE_URL=f"{mock.url}/v1", OPENAI_API_KEY="sk-lent",
                             REFRAIN_UPSTREAM_OPENAI_ASK_USAGE="true",
                             ANTHROPIC_BASE_URL=mock.url, ANTHROPIC_API_KEY="sk-ant-lent",
                             GEMINI_BASE_URL=mock.url, GEMINI_API_KEY="AIza-lent", OLLAMA_BASE_URL=mock.url,
                             **{f"{name}_BASE_URL": mock.url for name in SPEAKERS})
    yield process
    assert process.stop() == 0, "".join(process.lines)


@pytest.fixture
def upstream_calls(mock):
    """A function that says how many calls reached the provider since the test began."""
    before = mock.calls()
    return lambda: mock.calls() - before


_tenant = itertools.count(1)


@pytest.fixture
def api_key():
    """A credential that no other test shows: its cache is empty."""
    return f"sk-tenant-{next(_tenant)}"


@pytest.fixture
def client(gateway, api_key):
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=api_key, max_retries=0) as client:
        yield client


@pytest.fixture
def async_client(gateway, api_key):
    """Makes async clients; to be used within one event loop, as `async with async_client() as client`."""
    return lambda: openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key=api_key, max_retries=0)
