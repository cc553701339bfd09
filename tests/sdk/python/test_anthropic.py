"""Anthropic's own client: messages plain and streamed, tools, thinking, errors; the second call is a hit to the letter."""

import anthropic
import pytest

from chat import outcome
from conftest import proof_of

MODEL = "claude-sonnet-5-5"

WEATHER = {
    "name": "get_weather",
    "description": "The weather in a city, now.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


@pytest.fixture
def client(gateway, api_key):
    with anthropic.Anthropic(base_url=f"{gateway.url}/anthropic", api_key=api_key, max_retries=0) as client:
        yield client


def asking(text: str, **more) -> dict:
    """A messages request with one user message."""
    return {"model": MODEL, "max_tokens": 1024, "messages": [{"role": "user", "content": text}], **more}


def create(client, **request):
    """The outcome, the parsed message and the very bytes of the body."""
    response = client.messages.with_raw_response.create(**request)
    return outcome(response), response.parse(), response.http_response.content


def events(client, **request):
    """The outcome and every event of a stream, as the SDK hands them out."""
    response = client.messages.with_raw_response.create(stream=True, **request)
    return outcome(response), list(response.parse())


def streamed(client, **request):
    """The outcome and the message that the SDK puts together from a stream."""
    with client.messages.stream(**request) as stream:
        return outcome(stream.response), stream.get_final_message()


def test_a_repeated_request_is_a_hit_of_the_same_bytes(client, upstream_calls):
    request = asking("Name a colour.")
    first, message, body = create(client, **request)
    second, again, same_body = create(client, **request)

    assert (first, second) == ("MISS", "HIT")
    assert same_body == body
    assert again == message
    assert proof_of(**request) in message.content[0].text
    assert message.stop_reason == "end_turn"
    assert again._request_id == message._request_id is not None
    assert upstream_calls() == 1


def test_a_repeated_stream_is_a_hit_of_the_same_events(client, upstream_calls):
    request = asking("Name an animal.")
    first, told = events(client, **request)
    second, again = events(client, **request)

    assert (first, second) == ("MISS", "HIT")
    assert again == told
    assert [told[0].type, told[-1].type] == ["message_start", "message_stop"]
    assert len(told) > 6
    assert upstream_calls() == 1


CONTENTS = {
    "text": {},
    "tools": {"tools": [WEATHER]},
    "thinking": {"thinking": {"type": "enabled", "budget_tokens": 1023}},
    "thinking and tools": {"thinking": {"type": "adaptive"}, "tools": [WEATHER]},
}


@pytest.mark.parametrize("more", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("stream_first", [False, True], ids=["plain first", "stream first"])
def test_one_answer_serves_both_forms(client, upstream_calls, more, stream_first):
    request = asking("Name a river.", **more)
    forms = [lambda: create(client, **request)[:2], lambda: streamed(client, **request)]
    if stream_first:
        forms.reverse()
    (first, message), (second, turned) = [ask() for ask in forms]

    assert (first, second) == ("MISS", "HIT")
    assert turned.to_dict() == message.to_dict()
    assert upstream_calls() == 1


def weather_loop(client, ask) -> list:
    """An agent's two steps: the model uses a tool, then answers with its result. What came back at each."""
    request = asking("How is the weather in Pune?", tools=[WEATHER], thinking={"type": "adaptive"})
    first, message = ask(client, **request)[:2]
    results = [{"type": "tool_result", "tool_use_id": block.id, "content": "31 °C, clear"}
               for block in message.content if block.type == "tool_use"]
    request["messages"] = [*request["messages"], {"role": "assistant", "content": message.content},
                           {"role": "user", "content": results}]
    second, conclusion = ask(client, **request)[:2]
    return [first, second, message.to_dict(), conclusion.to_dict()]


@pytest.mark.parametrize("first", [create, streamed])
@pytest.mark.parametrize("second", [create, streamed])
def test_both_steps_of_a_tool_loop_hit_the_second_time(client, upstream_calls, first, second):
    made = weather_loop(client, first)
    again = weather_loop(client, second)

    assert made[:2] == ["MISS", "MISS"]
    assert again[:2] == ["HIT", "HIT"]
    assert again[2:] == made[2:]
    assert made[2]["stop_reason"] == "tool_use"
    assert made[2]["content"][1]["input"]["city"].startswith("proof:")
    assert upstream_calls() == 2


def test_tokens_are_counted_once(client, upstream_calls):
    question = {"model": MODEL, "messages": [{"role": "user", "content": "How long is this?"}]}
    responses = [client.messages.with_raw_response.count_tokens(**question) for _ in range(2)]

    assert [outcome(one) for one in responses] == ["MISS", "HIT"]
    assert responses[0].parse() == responses[1].parse()
    assert responses[1].parse().input_tokens > 0
    assert upstream_calls() == 1


def test_a_key_counts_as_the_same_in_either_header(gateway, client, api_key, upstream_calls):
    request = asking("Name a stone.")
    create(client, **request)
    by_header = {"x-api-key": api_key, "Authorization": anthropic.Omit()}
    response = client.messages.with_raw_response.create(**request, extra_headers=by_header)
    assert "authorization" not in response.http_request.headers
    assert outcome(response) == "HIT"

    with anthropic.Anthropic(base_url=f"{gateway.url}/anthropic", auth_token=api_key, max_retries=0) as by_token:
        assert create(by_token, **request)[0] == "HIT"
    with anthropic.Anthropic(base_url=f"{gateway.url}/anthropic", auth_token="another", max_retries=0) as stranger:
        assert create(stranger, **request)[0] == "MISS"
    assert upstream_calls() == 2


def test_what_cannot_change_the_answer_parts_nothing(client, upstream_calls):
    create(client, **asking("Name a fish.", metadata={"user_id": "anna"}))
    tagged = asking("Name a fish.", metadata={"user_id": "ben"}, service_tier="standard_only")
    assert create(client, **tagged)[0] == "HIT"
    assert create(client, **asking("Name a fish.", system="Be brief."))[0] == "MISS"
    assert upstream_calls() == 2


STATUSES = [
    (400, anthropic.BadRequestError, "invalid_request_error"),
    (401, anthropic.AuthenticationError, "authentication_error"),
    (404, anthropic.NotFoundError, "not_found_error"),
    (429, anthropic.RateLimitError, "rate_limit_error"),
    (500, anthropic.InternalServerError, "api_error"),
    (529, anthropic.InternalServerError, "overloaded_error"),
]


@pytest.mark.parametrize(("status", "exception", "kind"), STATUSES)
@pytest.mark.parametrize("stream", [False, True])
def test_a_status_is_its_typed_exception_and_is_not_kept(client, upstream_calls, status, exception, kind, stream):
    request = asking(f"Fail with {status}.")
    with pytest.raises(exception) as failure:
        client.messages.create(**request, stream=stream,
                               extra_headers={"x-mock-status": str(status), "x-mock-retry-after": "7"})

    assert failure.value.status_code == status
    assert failure.value.response.headers["retry-after"] == "7"
    assert failure.value.body["error"]["type"] == kind
    assert outcome(failure.value.response) == "MISS"
    assert create(client, **request)[0] == "MISS"
    assert upstream_calls() == 2


def test_an_error_event_ends_the_stream_with_an_exception_and_is_not_kept(client, upstream_calls):
    request = asking("Fail on the way.")
    with pytest.raises(anthropic.APIStatusError):
        for _ in client.messages.create(**request, stream=True, extra_headers={"x-mock-error-event": "5"}):
            pass
    assert create(client, **request)[0] == "MISS"
    assert upstream_calls() == 2


def test_after_an_abort_the_rest_of_the_stream_is_there_all_the_same(client, upstream_calls):
    request = asking("Tell a long story.")
    stream = client.messages.create(**request, stream=True, extra_headers={"x-mock-gap-ms": "15"})
    beginning = [next(stream), next(stream), next(stream)]
    stream.close()

    done, told = events(client, **request)
    assert done in {"COALESCED", "HIT"}
    assert told[:3] == beginning
    assert told[-1].type == "message_stop"
    assert create(client, **request)[0] == "HIT"
    assert upstream_calls() == 1


def test_only_if_cached_asks_once_and_gets_504_in_anthropics_shape(client, upstream_calls):
    with pytest.raises(anthropic.InternalServerError) as failure:
        client.with_options(max_retries=2).messages.create(
            **asking("Never asked before."), extra_headers={"Cache-Control": "only-if-cached"})

    assert failure.value.status_code == 504
    assert failure.value.response.headers["x-should-retry"] == "false"
    assert failure.value.body["type"] == "error"
    assert upstream_calls() == 0
