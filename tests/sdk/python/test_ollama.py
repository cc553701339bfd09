"""Ollama's own SDK: what is asked twice is answered from the cache, in either form."""

import ollama
import pytest

from conftest import proof_of

MODEL = "llama3.2"


class Recorder:
    """The SDK's client, and what the gateway said of each answer, which the SDK does not show."""

    def __init__(self, url: str, key: str):
        self.outcomes: list[str] = []
        self.client = ollama.Client(host=f"{url}/ollama", headers={"Authorization": f"Bearer {key}"},
                                    event_hooks={"response": [self._note]})

    def _note(self, response):
        self.outcomes.append(response.headers.get("x-refrain-cache"))

    def controlled(self, **controls) -> ollama.Client:
        """The client with headers that tell the fake provider what to do, for the next call."""
        names = {f"x-mock-{name.replace('_', '-')}": str(value) for name, value in controls.items()}
        self.client._client.headers.update(names)
        return self.client

    def uncontrolled(self) -> ollama.Client:
        for name in [name for name in self.client._client.headers if name.startswith("x-mock-")]:
            del self.client._client.headers[name]
        return self.client


@pytest.fixture
def local(gateway, api_key):
    recorder = Recorder(gateway.url, api_key)
    with recorder.client:
        yield recorder


def asking(text: str, **more) -> dict:
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], **more}


def gathered(chunks) -> tuple[str, str]:
    """Thoughts and text of a stream."""
    return ("".join(one.message.thinking or "" for one in chunks), "".join(one.message.content for one in chunks))


def test_a_repeated_chat_is_a_hit_and_equal(local, upstream_calls):
    answer = local.client.chat(**asking("Name a colour."))
    again = local.client.chat(**asking("Name a colour."))

    assert local.outcomes == ["MISS", "HIT"]
    assert again == answer
    assert proof_of(**asking("Name a colour."), tools=[]) in answer.message.content
    assert answer.done_reason == "stop"
    assert upstream_calls() == 1


def test_a_repeated_stream_is_a_hit_of_the_same_lines(local, upstream_calls):
    lines = list(local.client.chat(**asking("Name an animal."), stream=True))
    again = list(local.client.chat(**asking("Name an animal."), stream=True))

    assert local.outcomes == ["MISS", "HIT"]
    assert len(lines) > 2
    assert again == lines
    assert upstream_calls() == 1


@pytest.mark.parametrize("think", [None, True])
@pytest.mark.parametrize("stream_first", [False, True])
def test_a_chat_and_its_stream_share_an_entry(local, upstream_calls, stream_first, think):
    request = asking(f"Name a river, {stream_first}.", think=think)
    if stream_first:
        lines = list(local.client.chat(**request, stream=True))
        answer = local.client.chat(**request)
    else:
        answer = local.client.chat(**request)
        lines = list(local.client.chat(**request, stream=True))

    assert local.outcomes == ["MISS", "HIT"]
    assert gathered(lines) == (answer.message.thinking or "", answer.message.content)
    assert bool(answer.message.thinking) == bool(think)
    for name in ("done", "done_reason", "eval_count", "prompt_eval_count", "total_duration"):
        assert getattr(lines[-1], name) == getattr(answer, name)
    assert upstream_calls() == 1


def test_generate_serves_both_forms(local, upstream_calls):
    answer = local.client.generate(model=MODEL, prompt="Once upon a time")
    lines = list(local.client.generate(model=MODEL, prompt="Once upon a time", stream=True))

    assert local.outcomes == ["MISS", "HIT"]
    assert "".join(one.response for one in lines) == answer.response
    assert lines[-1].context == answer.context
    assert upstream_calls() == 1


def get_weather(city: str) -> str:
    """The weather in a city, now.

    Args:
      city: its name
    """
    return f"31 °C, clear in {city}"


def weather_loop(client, stream: bool) -> tuple:
    """An agent's two steps: the model calls a function, then answers with its result."""

    def ask(messages):
        answer = client.chat(model=MODEL, messages=messages, tools=[get_weather], stream=stream)
        return [one.message for one in (answer if stream else [answer])]

    messages = [{"role": "user", "content": "How is the weather?"}]
    calls = [call for message in ask(messages) for call in message.tool_calls or []]
    messages.append({"role": "assistant", "content": "", "tool_calls": [call.model_dump() for call in calls]})
    messages += [{"role": "tool", "tool_name": call.function.name, "content": get_weather(**call.function.arguments)}
                 for call in calls]
    return calls, "".join(message.content for message in ask(messages))


def test_both_steps_of_a_tool_loop_hit_in_either_form(local, upstream_calls):
    first = weather_loop(local.client, False)
    assert len(first[0]) == 1
    for stream in (False, True, True):
        assert weather_loop(local.client, stream) == first
    assert local.outcomes == ["MISS"] * 2 + ["HIT"] * 6
    assert upstream_calls() == 2


def test_each_text_is_embedded_once(local, upstream_calls):
    first = local.client.embed(model="all-minilm", input=["a", "b"])
    more = local.client.embed(model="all-minilm", input=["c", "b", "a"])
    again = local.client.embed(model="all-minilm", input="a")

    assert local.outcomes == ["MISS", "MISS", "HIT"]
    assert list(more.embeddings[1:]) == list(first.embeddings)[::-1]
    assert again.embeddings == first.embeddings[:1]
    assert upstream_calls() == 2


def test_the_older_embeddings_are_kept_too(local, upstream_calls):
    vectors = [local.client.embeddings(model="all-minilm", prompt="a").embedding for _ in range(2)]
    assert vectors[0] == vectors[1]
    assert local.outcomes == ["MISS", "HIT"]


def test_a_model_is_loaded_whenever_it_is_asked_for(local, upstream_calls):
    for _ in range(2):
        assert local.client.chat(model=MODEL, messages=[]).done_reason == "load"
    assert local.outcomes == ["BYPASS", "BYPASS"]
    assert upstream_calls() == 2


@pytest.mark.parametrize("status", [400, 404, 500])
@pytest.mark.parametrize("stream", [False, True])
def test_a_status_is_an_exception_and_is_not_kept(local, upstream_calls, status, stream):
    request = asking(f"Fail with {status}.", stream=stream)
    with pytest.raises(ollama.ResponseError) as failure:
        answer = local.controlled(status=status).chat(**request)
        list(answer)
    assert failure.value.status_code == status
    assert failure.value.error
    list(local.uncontrolled().chat(**request))
    assert local.outcomes == ["MISS", "MISS"]
    assert upstream_calls() == 2


def test_an_error_within_a_stream_is_an_exception_and_is_not_kept(local, upstream_calls):
    with pytest.raises(ollama.ResponseError):
        list(local.controlled(error_event=2).chat(**asking("Break off."), stream=True))
    local.uncontrolled().chat(**asking("Break off."))
    assert local.outcomes == ["MISS", "MISS"]
    assert upstream_calls() == 2


def test_after_an_abort_the_rest_of_the_stream_is_there_all_the_same(local, upstream_calls):
    lines = local.controlled(gap_ms=15).chat(**asking("Tell a long story."), stream=True)
    beginning = [next(lines) for _ in range(3)]
    lines.close()

    whole = list(local.uncontrolled().chat(**asking("Tell a long story."), stream=True))
    assert local.outcomes[1] in {"COALESCED", "HIT"}
    assert whole[:3] == beginning
    assert whole[-1].done
    list(local.client.chat(**asking("Tell a long story."), stream=True))
    assert local.outcomes[2] == "HIT"
    assert upstream_calls() == 1


def test_models_are_listed(local):
    assert f"{MODEL}:latest" in [one.model for one in local.client.list().models]
