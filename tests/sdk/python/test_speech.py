"""Speech through the official clients: what is asked twice is made once, and both get the same bytes."""

import base64
import io
import json
import wave

import cartesia
import elevenlabs
import openai
import pytest
import sarvamai
from cartesia import Cartesia
from deepgram import DeepgramClient
from deepgram.core.api_error import ApiError as DeepgramError
from deepgram.environment import DeepgramClientEnvironment
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError as ElevenLabsError
from sarvamai import SarvamAI
from sarvamai.core.api_error import ApiError as SarvamError
from sarvamai.environment import SarvamAIEnvironment

from conftest import proof_of

TEXT = "Hello there, friend."
VOICE = {"voice_id": "Rachel", "text": TEXT, "model_id": "eleven_flash_v2_5"}
WELCOME = {"text": TEXT, "language_code": "hi-IN", "speaker": "shubh", "model": "bulbul:v3"}
SONIC = {"model_id": "sonic-3", "transcript": TEXT, "voice": {"mode": "id", "id": "v1"}}
RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 16000}


def failing(status: int) -> dict:
    """Options of a request that the provider is to refuse; these clients ask once."""
    return {"additional_headers": {"x-mock-status": str(status)}, "max_retries": 0}


def seconds_of(audio: bytes) -> float:
    with wave.open(io.BytesIO(audio)) as clip:
        return clip.getnframes() / clip.getframerate()


def proof_in(audio: bytes) -> str:
    at = audio.index(b"proof:")
    return audio[at:at + 22].decode()


@pytest.fixture
def eleven(gateway, api_key):
    return ElevenLabs(base_url=f"{gateway.url}/elevenlabs", api_key=api_key)


@pytest.fixture
def sarvam(gateway, api_key):
    url = f"{gateway.url}/sarvam"
    return SarvamAI(api_subscription_key=api_key,
                    environment=SarvamAIEnvironment(base=url, creative=url, production=url))


@pytest.fixture
def deepgram(gateway, api_key):
    url = f"{gateway.url}/deepgram"
    return DeepgramClient(api_key=api_key, environment=DeepgramClientEnvironment(
        base=url, production=url, agent=url, agent_rest=url))


@pytest.fixture
def sonic(gateway, api_key):
    with Cartesia(base_url=f"{gateway.url}/cartesia", api_key=api_key, max_retries=0) as client:
        yield client


def test_elevenlabs_makes_a_clip_once_for_all_four_ways(eleven, upstream_calls):
    timed = eleven.text_to_speech.convert_with_timestamps(**VOICE, output_format="wav_24000")
    audio = base64.b64decode(timed.audio_base_64)
    convert = b"".join(eleven.text_to_speech.convert(**VOICE, output_format="wav_24000"))
    stream = b"".join(eleven.text_to_speech.stream(**VOICE, output_format="wav_24000"))
    pieces = list(eleven.text_to_speech.stream_with_timestamps(**VOICE, output_format="wav_24000"))

    assert upstream_calls() == 1
    assert convert == audio
    assert stream == audio
    assert b"".join(base64.b64decode(piece.audio_base_64) for piece in pieces) == audio
    assert "".join(timed.alignment.characters) == TEXT
    assert seconds_of(audio) > 0.5
    assert proof_in(audio) == proof_of(text=TEXT, model_id=VOICE["model_id"], voice="Rachel",
                                       output_format="wav_24000")


def test_elevenlabs_joins_the_times_of_a_stream(eleven, upstream_calls):
    pieces = list(eleven.text_to_speech.stream_with_timestamps(**VOICE))
    timed = eleven.text_to_speech.convert_with_timestamps(**VOICE)

    assert upstream_calls() == 1
    assert len(pieces) > 1
    ends = [end for piece in pieces if piece.alignment for end in piece.alignment.character_end_times_seconds]
    assert timed.alignment.character_end_times_seconds == ends
    assert "".join(timed.alignment.characters) == TEXT


def test_elevenlabs_takes_the_default_format_for_an_absent_one(eleven, upstream_calls):
    absent = b"".join(eleven.text_to_speech.convert(**VOICE))
    stated = b"".join(eleven.text_to_speech.convert(**VOICE, output_format="mp3_44100_128"))
    other = b"".join(eleven.text_to_speech.convert(**VOICE, output_format="pcm_16000"))

    assert upstream_calls() == 2
    assert stated == absent != other


def test_elevenlabs_errors_keep_their_type_and_are_not_kept(eleven, upstream_calls):
    for status, exception in ((401, ElevenLabsError), (429, ElevenLabsError),
                              (422, elevenlabs.UnprocessableEntityError)):
        with pytest.raises(exception) as failure:
            b"".join(eleven.text_to_speech.convert(**VOICE, request_options=failing(status)))
        assert failure.value.status_code == status
        assert failure.value.body["detail"]
    assert b"".join(eleven.text_to_speech.convert(**VOICE))
    assert upstream_calls() == 4


def test_sarvam_makes_a_clip_once(sarvam, upstream_calls):
    first = sarvam.text_to_speech.convert(**WELCOME)
    second = sarvam.text_to_speech.convert(**WELCOME, enable_cached_responses=False)

    assert upstream_calls() == 1
    assert second == first
    audio = base64.b64decode(first.audios[0])
    assert seconds_of(audio) > 0.5
    assert proof_in(audio) == proof_of(**WELCOME, output_audio_codec="wav", speech_sample_rate=22050)


def test_sarvam_streams_a_clip_once(sarvam, upstream_calls):
    first = b"".join(sarvam.text_to_speech.convert_stream(**WELCOME))
    second = b"".join(sarvam.text_to_speech.convert_stream(**WELCOME, output_audio_codec="mp3"))

    assert upstream_calls() == 1
    assert second == first != b""


def test_sarvam_translates_and_completes_once(sarvam, upstream_calls):
    request = {"input": "Good day", "source_language_code": "auto", "target_language_code": "hi-IN"}
    assert sarvam.text.translate(**request) == sarvam.text.translate(**request)
    assert upstream_calls() == 1

    messages = [{"role": "user", "content": "Hello?"}]
    first = sarvam.chat.completions(messages=messages, model="sarvam-30b")
    assert sarvam.chat.completions(messages=messages, model="sarvam-30b") == first
    assert upstream_calls() == 2


def test_sarvam_errors_keep_their_type_and_are_not_kept(sarvam, upstream_calls):
    for status, exception in ((400, sarvamai.BadRequestError), (403, sarvamai.ForbiddenError),
                              (429, sarvamai.TooManyRequestsError), (502, SarvamError)):
        with pytest.raises(exception) as failure:
            sarvam.text_to_speech.convert(**WELCOME, request_options=failing(status))
        assert failure.value.status_code == status
    assert sarvam.text_to_speech.convert(**WELCOME).audios
    assert upstream_calls() == 5


def test_deepgram_makes_a_clip_once(deepgram, upstream_calls):
    request = {"text": TEXT, "model": "aura-2-thalia-en", "encoding": "linear16"}
    first = b"".join(deepgram.speak.v1.audio.generate(**request))
    second = b"".join(deepgram.speak.v1.audio.generate(**request, container="wav", tag="again"))

    assert upstream_calls() == 1
    assert second == first
    assert seconds_of(first) > 0.5
    assert proof_in(first) == proof_of(**request, container="wav", sample_rate="24000", speed="1")


def test_deepgram_errors_keep_their_type_and_are_not_kept(deepgram, upstream_calls):
    for status in (400, 401, 429):
        with pytest.raises(DeepgramError) as failure:
            b"".join(deepgram.speak.v1.audio.generate(text=TEXT, request_options=failing(status)))
        assert failure.value.status_code == status
    assert b"".join(deepgram.speak.v1.audio.generate(text=TEXT))
    assert upstream_calls() == 4


def test_cartesia_makes_a_clip_once(sonic, upstream_calls):
    form = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 44100}
    first = sonic.tts.generate(output_format=form, **SONIC).read()
    second = sonic.tts.generate(output_format=form, **SONIC).read()

    assert upstream_calls() == 1
    assert second == first
    assert seconds_of(first) > 0.5
    assert proof_in(first) == proof_of(output_format=form, **SONIC)


def test_cartesia_serves_bytes_from_events(sonic, upstream_calls):
    events = list(sonic.tts.generate_sse(output_format=RAW, add_timestamps=True, **SONIC))
    again = list(sonic.tts.generate_sse(output_format=RAW, add_timestamps=True, **SONIC))
    plain = list(sonic.tts.generate_sse(output_format=RAW, **SONIC))
    audio = sonic.tts.generate(output_format=RAW, **SONIC).read()

    assert upstream_calls() == 1
    assert again == events
    assert {event.type for event in events} == {"chunk", "timestamps", "done"}
    assert {event.type for event in plain} == {"chunk", "done"}
    assert b"".join(event.audio for event in plain if event.type == "chunk") == audio


def test_cartesia_errors_keep_their_type_and_are_not_kept(sonic, upstream_calls):
    for status, exception in ((400, cartesia.BadRequestError), (401, cartesia.AuthenticationError),
                              (429, cartesia.RateLimitError)):
        with pytest.raises(exception) as failure:
            sonic.tts.generate(output_format=RAW, **SONIC, extra_headers={"x-mock-status": str(status)})
        assert failure.value.status_code == status
    assert sonic.tts.generate(output_format=RAW, **SONIC).read()
    assert upstream_calls() == 4


def test_openai_makes_a_clip_once_for_all_three_ways(client, upstream_calls):
    request = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": TEXT, "response_format": "wav"}
    speech = client.audio.speech.with_streaming_response
    with speech.create(**request, stream_format="sse") as response:
        events = [json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: ")]
    plain = client.audio.speech.create(**request).content
    with speech.create(**request) as response:
        streamed = b"".join(response.iter_bytes())

    assert upstream_calls() == 1
    assert streamed == plain
    assert b"".join(base64.b64decode(event["audio"]) for event in events if "audio" in event) == plain
    assert events[-1]["usage"]
    assert seconds_of(plain) > 0.5
    assert proof_in(plain) == proof_of(**request, speed=1)


def test_openai_errors_keep_their_type_and_are_not_kept(client, upstream_calls):
    request = {"model": "tts-1", "voice": "alloy", "input": TEXT}
    for status, exception in ((400, openai.BadRequestError), (429, openai.RateLimitError)):
        with pytest.raises(exception):
            client.audio.speech.create(**request, extra_headers={"x-mock-status": str(status)})
    assert client.audio.speech.create(**request).content
    assert upstream_calls() == 3
