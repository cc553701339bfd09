"""Google's Gen AI SDK: what is asked twice is answered from the cache, in either form, wherever the key stands."""

import json
import urllib.request

import pytest
from google import genai
from google.genai import errors, types

from conftest import proof_of

MODEL = "gemini-2.5-flash"
THINKING = {"thinking_config": {"include_thoughts": True}}


@pytest.fixture
def gemini(gateway, api_key):
    with genai.Client(api_key=api_key, http_options={"base_url": f"{gateway.url}/gemini"}) as client:
        yield client


def outcome(response) -> str:
    return response.sdk_http_response.headers["x-refrain-cache"]


def content(response) -> dict:
    """All that an answer says, without the head that it came with."""
    return response.model_dump(exclude={"sdk_http_response"}, exclude_none=True)


def config(controls=None, **more) -> types.GenerateContentConfig | None:
    """With headers that tell the fake provider what to do."""
    if controls:
        more["http_options"] = {"headers": controls}
    return types.GenerateContentConfig(**more) if more else None


def asked(client, text, **more):
    """The outcome and the answer."""
    response = client.models.generate_content(model=MODEL, contents=text, config=config(**more))
    return outcome(response), response


def streamed(client, text, **more):
    """The outcome and the chunks of a stream, read to its end."""
    chunks = list(client.models.generate_content_stream(model=MODEL, contents=text, config=config(**more)))
    return outcome(chunks[0]), chunks


def texts(responses) -> tuple[str, str]:
    """Thoughts and answer, put together over all chunks."""
    parts = [part for one in responses for part in one.candidates[0].content.parts or []]
    return ("".join(part.text for part in parts if part.thought),
            "".join(part.text or "" for part in parts if not part.thought))


def test_a_repeated_request_is_a_hit_and_equal(gemini, upstream_calls):
    first, answer = asked(gemini, "Name a colour.")
    second, again = asked(gemini, "Name a colour.")

    assert (first, second) == ("MISS", "HIT")
    assert content(again) == content(answer)
    assert proof_of(model=MODEL, contents=[{"parts": [{"text": "Name a colour."}], "role": "user"}]) in answer.text
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    assert upstream_calls() == 1


def test_a_repeated_stream_is_a_hit_of_the_same_chunks(gemini, upstream_calls):
    first, chunks = streamed(gemini, "Name an animal.")
    second, again = streamed(gemini, "Name an animal.")

    assert (first, second) == ("MISS", "HIT")
    assert len(chunks) > 2
    assert [content(one) for one in again] == [content(one) for one in chunks]
    assert upstream_calls() == 1


@pytest.mark.parametrize("more", [{}, THINKING], ids=["text", "thoughts"])
@pytest.mark.parametrize("stream_first", [False, True])
def test_a_request_and_its_stream_share_an_entry(gemini, upstream_calls, stream_first, more):
    text = f"Name a river, {stream_first}."
    if stream_first:
        first, chunks = streamed(gemini, text, **more)
        second, answer = asked(gemini, text, **more)
    else:
        first, answer = asked(gemini, text, **more)
        second, chunks = streamed(gemini, text, **more)

    assert (first, second) == ("MISS", "HIT")
    assert texts(chunks) == texts([answer])
    assert bool(texts(chunks)[0]) == bool(more)
    assert chunks[-1].response_id == answer.response_id
    assert chunks[-1].usage_metadata == answer.usage_metadata
    assert chunks[-1].candidates[0].finish_reason == answer.candidates[0].finish_reason
    if more:
        signed = [part for part in answer.candidates[0].content.parts if part.thought_signature]
        assert signed == [part for one in chunks for part in one.candidates[0].content.parts if part.thought_signature]
        assert signed
    assert upstream_calls() == 1


def get_weather(city: str) -> str:
    """The weather in a city, now."""
    return f"31 °C, clear in {city}"


def weather_loop(client, stream: bool) -> tuple[str, int]:
    """An agent's two steps by the SDK's own chat, which calls the function itself. What was said, in how many turns."""
    chat = client.chats.create(model=MODEL, config=types.GenerateContentConfig(tools=[get_weather]))
    said = list(chat.send_message_stream("How is the weather?")) if stream else [chat.send_message("How is the weather?")]
    return texts(said)[1], len(chat.get_history())


@pytest.mark.parametrize("stream", [False, True])
def test_both_steps_of_a_tool_loop_hit(gemini, upstream_calls, stream):
    first = weather_loop(gemini, stream)
    calls = upstream_calls()
    second = weather_loop(gemini, stream)

    assert second == first
    assert "proof:" in first[0]
    assert (calls, upstream_calls()) == (2, 2)


def test_each_content_is_embedded_once(gemini, upstream_calls):
    def embed(*some):
        answer = gemini.models.embed_content(model="gemini-embedding-001", contents=list(some))
        return outcome(answer), [one.values for one in answer.embeddings]

    first, vectors = embed("a", "b")
    second, more = embed("c", "b", "a")
    third, again = embed("a", "b")
    assert (first, second, third) == ("MISS", "MISS", "HIT")
    assert again == vectors
    assert more[1:] == vectors[::-1]
    assert upstream_calls() == 2


def test_tokens_are_counted_once(gemini, upstream_calls):
    counts = [gemini.models.count_tokens(model=MODEL, contents="How long is this?") for _ in range(2)]
    assert counts[0].total_tokens == counts[1].total_tokens > 0
    assert upstream_calls() == 1


@pytest.mark.parametrize(("status", "exception"), [(400, errors.ClientError), (429, errors.ClientError),
                                                  (503, errors.ServerError)])
@pytest.mark.parametrize("ask", [asked, streamed])
def test_a_status_is_its_typed_exception_and_is_not_kept(gemini, upstream_calls, ask, status, exception):
    with pytest.raises(exception) as failure:
        ask(gemini, f"Fail with {status}.", controls={"x-mock-status": str(status)})
    assert failure.value.code == status
    assert failure.value.status and failure.value.message
    assert ask(gemini, f"Fail with {status}.")[0] == "MISS"
    assert upstream_calls() == 2


def test_a_refusal_of_the_gateway_is_an_exception_too(gemini):
    with pytest.raises(errors.ServerError) as failure:
        asked(gemini, "Never seen.", controls={"Cache-Control": "only-if-cached"})
    assert (failure.value.code, failure.value.status) == (504, "DEADLINE_EXCEEDED")


def test_an_error_within_a_stream_is_an_exception_and_is_not_kept(gemini, upstream_calls):
    with pytest.raises(errors.APIError):
        streamed(gemini, "Break off.", controls={"x-mock-error-event": "2"})
    assert asked(gemini, "Break off.")[0] == "MISS"
    assert upstream_calls() == 2


def test_what_is_blocked_is_not_kept(gemini, upstream_calls):
    for _ in range(2):
        how, answer = asked(gemini, "Say the unspeakable.")
        assert (how, answer.candidates[0].finish_reason) == ("MISS", types.FinishReason.SAFETY)
    assert upstream_calls() == 2


def test_after_an_abort_the_rest_of_the_stream_is_there_all_the_same(gemini, upstream_calls):
    chunks = gemini.models.generate_content_stream(
        model=MODEL, contents="Tell a long story.", config=config({"x-mock-gap-ms": "15"}))
    beginning = [content(next(chunks)) for _ in range(3)]
    chunks.close()

    how, whole = streamed(gemini, "Tell a long story.")
    assert how in {"COALESCED", "HIT"}
    assert [content(one) for one in whole[:3]] == beginning
    assert streamed(gemini, "Tell a long story.")[0] == "HIT"
    assert upstream_calls() == 1


def test_a_key_in_the_query_is_the_same_client(gateway, gemini, api_key, upstream_calls):
    asked(gemini, "Who am I?")

    def by_query(key):
        body = {"contents": [{"parts": [{"text": "Who am I?"}], "role": "user"}]}
        request = urllib.request.Request(f"{gateway.url}/gemini/v1/models/{MODEL}:streamGenerateContent?key={key}",
                                         json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return answer.headers["x-refrain-cache"], json.load(answer)

    how, chunks = by_query(api_key)
    assert how == "HIT"
    assert isinstance(chunks, list)
    assert by_query("AIza-another")[0] == "MISS"
    assert upstream_calls() == 2


def test_models_are_listed(gemini):
    assert f"models/{MODEL}" in [model.name for model in gemini.models.list()]
