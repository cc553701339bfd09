"""Failures reach the application as the SDK's own exceptions, whole, and are not kept."""

import time

import openai
import pytest

from chat import asking, create, outcome, stream

STATUSES = [
    (400, openai.BadRequestError),
    (401, openai.AuthenticationError),
    (404, openai.NotFoundError),
    (429, openai.RateLimitError),
    (500, openai.InternalServerError),
]


@pytest.mark.parametrize(("status", "exception"), STATUSES)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_status_is_its_typed_exception_and_is_not_kept(client, upstream_calls, status, exception, streamed):
    request = asking(f"Fail with {status}.")
    with pytest.raises(exception) as failure:
        client.chat.completions.create(
            **request, stream=streamed, extra_headers={"x-mock-status": str(status), "x-mock-retry-after": "7"})

    assert failure.value.status_code == status
    assert failure.value.response.headers["retry-after"] == "7"
    assert failure.value.body["message"]
    assert outcome(failure.value.response) == "MISS"
    assert create(client, **request)[0] == "MISS"
    assert upstream_calls() == 2


@pytest.mark.parametrize("status", [429, 500])
def test_the_sdk_retries_when_the_provider_says(client, upstream_calls, status):
    started = time.monotonic()
    with pytest.raises(openai.APIStatusError):
        client.with_options(max_retries=1).chat.completions.create(
            **asking("Fail, and again."), extra_headers={"x-mock-status": str(status), "x-mock-retry-after": "2"})

    assert time.monotonic() - started >= 2
    assert upstream_calls() == 2


def test_after_a_time_out_the_answer_is_there_all_the_same(client, upstream_calls):
    request = asking("Take your time.")
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=0.3).chat.completions.create(
            **request, extra_headers={"x-mock-latency-ms": "1500"})

    assert create(client, **request)[0] in {"COALESCED", "HIT"}
    assert create(client, **request)[0] == "HIT"
    assert upstream_calls() == 1


def test_after_an_abort_the_rest_of_the_stream_is_there_all_the_same(client, upstream_calls):
    request = asking("Tell a long story.")
    chunks = client.chat.completions.create(**request, stream=True, extra_headers={"x-mock-gap-ms": "15"})
    beginning = [next(chunks), next(chunks), next(chunks)]
    chunks.close()

    whole = stream(client, **request)
    assert whole.outcome in {"COALESCED", "HIT"}
    assert whole.chunks[:3] == beginning
    assert whole.finish_reason == "stop"
    assert stream(client, **request).outcome == "HIT"
    assert upstream_calls() == 1


def test_a_truncated_stream_is_an_error_and_is_not_kept(client, upstream_calls):
    request = asking("Break off.")
    with pytest.raises(openai.APIConnectionError):
        for _ in client.chat.completions.create(**request, stream=True, extra_headers={"x-mock-truncate": "700"}):
            pass
    assert create(client, **request)[0] == "MISS"
    assert upstream_calls() == 2


def test_an_error_event_ends_the_stream_with_an_exception_and_is_not_kept(client, upstream_calls):
    request = asking("Fail on the way.")
    with pytest.raises(openai.APIError):
        for _ in client.chat.completions.create(**request, stream=True, extra_headers={"x-mock-error-event": "3"}):
            pass
    assert create(client, **request)[0] == "MISS"
    assert upstream_calls() == 2


def test_only_if_cached_asks_once_and_gets_504(gateway, api_key, upstream_calls):
    requests = []
    counting = openai.DefaultHttpxClient(event_hooks={"request": [requests.append]})
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=api_key, http_client=counting, max_retries=2) as client:
        with pytest.raises(openai.InternalServerError) as failure:
            client.chat.completions.create(
                **asking("Never asked before."), extra_headers={"Cache-Control": "only-if-cached"})

    assert failure.value.status_code == 504
    assert failure.value.response.headers["x-should-retry"] == "false"
    assert len(requests) == 1
    assert upstream_calls() == 0
