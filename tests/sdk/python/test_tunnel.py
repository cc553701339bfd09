"""WebSockets through the gateway, by ws:// and by wss://, with the library that the providers' Python SDKs use."""

import asyncio
import base64
import contextlib
import json
import os
import re
import ssl
import subprocess
import urllib.error
import urllib.request

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedOK, InvalidStatus

from refrain_process import RefrainProcess


class Socket:
    """A WebSocket that waits for what it asks for.

    It is the library's asyncio client, not its client for threads: that one reads and writes a TLS session from two
    threads at once, which OpenSSL does not allow and Python does not prevent (python/cpython#143756), and now and then
    waits for ever.
    """

    PATIENCE_S = 30

    def __init__(self, loop: asyncio.AbstractEventLoop, opened):
        self._loop, self._opened = loop, opened
        self.subprotocol, self.response = opened.subprotocol, opened.response

    def _wait(self, work):
        return self._loop.run_until_complete(asyncio.wait_for(work, self.PATIENCE_S))

    def send(self, message):
        self._wait(self._opened.send(message))

    def recv(self):
        return self._wait(self._opened.recv())

    def ping(self):
        """Returns when the pong has come."""
        async def there_and_back():
            await (await self._opened.ping())
        self._wait(there_and_back())


class Place:
    """Where a gateway is, and what a client has to trust to reach it."""

    def __init__(self, url: str, trusted: ssl.SSLContext | None = None):
        self.url = url
        self.trusted = trusted

    def connect_async(self, path: str, **more):
        address = self.url.replace("http", "ws", 1) + path
        return connect(address, ssl=self.trusted, proxy=None, max_size=None, **more)

    @contextlib.contextmanager
    def connect(self, path: str, **more):
        loop = asyncio.new_event_loop()
        try:
            async def opening():
                return await self.connect_async(path, **more)
            opened = loop.run_until_complete(opening())
            try:
                yield Socket(loop, opened)
            finally:
                loop.run_until_complete(opened.close())
        finally:
            loop.close()


def settings(mock) -> dict[str, str]:
    upstreams = ("OPENAI", f"{mock.url}/v1"), ("ELEVENLABS", mock.url), ("SARVAM", mock.url)
    return {f"{name}_BASE_URL": url for name, url in upstreams} | {f"{name}_API_KEY": "sk-lent" for name, _ in upstreams}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The files of a certificate for this machine, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    files = folder / "tls.crt", folder / "tls.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


@pytest.fixture(scope="module", params=["ws", "wss"])
def place(request, home, mock):
    tls, trusted = [], None
    if request.param == "wss":
        card, key = request.getfixturevalue("certificate")
        tls = ["--server-tls-certificate", str(card), "--server-tls-key", str(key)]
        trusted = ssl.create_default_context(cafile=card)
    process = RefrainProcess("serve", "--listen", "127.0.0.1:0", "--admin-listen", "off", *tls,
                             home=home / request.param, **settings(mock))
    yield Place(process.url, trusted)
    assert process.stop() == 0, "".join(process.lines)


def test_messages_come_back_as_they_were(place):
    with place.connect("/v1/realtime?model=gpt-realtime", subprotocols=["realtime"]) as socket:
        assert socket.subprotocol == "realtime"
        assert socket.response.headers["x-refrain-cache"] == "BYPASS"
        large = os.urandom(1 << 20)
        for message in ("text", "", "späte Grüße", b"\x00\xff", large):
            socket.send(message)
            assert socket.recv() == message
        socket.ping()


async def talk_at_once(place, count: int) -> list[str]:
    """As many connections as that, all open before the first message; what each hears."""
    async with contextlib.AsyncExitStack() as open_now:
        sockets = [await open_now.enter_async_context(place.connect_async("/v1/realtime")) for _ in range(count)]
        for number, socket in enumerate(sockets):
            await socket.send(str(number))
        return [await socket.recv() for socket in sockets]


def test_several_are_open_at_once(place):
    assert asyncio.run(talk_at_once(place, 20)) == [str(number) for number in range(20)]


def test_elevenlabs_speech_by_websocket(place):
    with place.connect("/elevenlabs/v1/text-to-speech/rachel/stream-input?model_id=eleven_turbo_v2_5") as socket:
        socket.send(json.dumps({"text": " ", "try_trigger_generation": True, "generation_config": {}}))
        for text in ("Hello ", "world. "):
            socket.send(json.dumps({"text": text, "try_trigger_generation": True}))
        socket.send(json.dumps({"text": ""}))
        frames = []
        with pytest.raises(ConnectionClosedOK):
            while True:
                frames.append(json.loads(socket.recv()))
    spoken = [base64.b64decode(frame["audio"]).decode() for frame in frames if frame["audio"]]
    assert spoken == ["rachel: Hello ", "rachel: world. "]
    assert frames[-1]["isFinal"] is True


def test_sarvam_speech_by_websocket(place):
    with place.connect("/sarvam/text-to-speech/ws?model=bulbul:v2&send_completion_event=true") as socket:
        socket.send(json.dumps({"type": "config", "data": {"speaker": "vidya", "output_audio_codec": "wav"}}))
        socket.send(json.dumps({"type": "text", "data": {"text": "Hello"}}))
        socket.send(json.dumps({"type": "flush"}))
        audio, event = json.loads(socket.recv()), json.loads(socket.recv())
    assert base64.b64decode(audio["data"]["audio"]).decode() == "vidya: Hello"
    assert event["data"]["event_type"] == "final"


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_a_refusal_is_the_upstreams_own(place, status):
    with pytest.raises(InvalidStatus) as refused, place.connect(
            "/v1/realtime", additional_headers={"x-mock-status": str(status)}):
        pass
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body)["error"]["message"]


def test_a_page_of_another_site_is_refused(place):
    with pytest.raises(InvalidStatus) as refused, place.connect("/v1/realtime", origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403


def test_requests_are_answered_beside(place):
    with place.connect("/v1/realtime"), urllib.request.urlopen(f"{place.url}/metrics", context=place.trusted) as page:
        assert re.search(r"^refrain_tunnels [1-9]", page.read().decode(), re.MULTILINE)


@pytest.mark.parametrize("place", ["wss"], indirect=True)
def test_a_certificate_that_is_not_trusted_is_refused_by_the_client(place):
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{place.url}/healthz")
