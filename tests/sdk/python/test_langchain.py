"""LangChain over OpenAI and Anthropic: what it asks twice, plain or streamed, is asked for once."""

import pytest
import tiktoken
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

from chat import MODEL


def chat_completions(gateway, api_key):
    return ChatOpenAI(base_url=f"{gateway.url}/v1", api_key=api_key, model=MODEL, max_retries=0,
                      include_response_headers=True, stream_usage=True)


def responses(gateway, api_key):
    return ChatOpenAI(base_url=f"{gateway.url}/v1", api_key=api_key, model=MODEL, max_retries=0,
                      include_response_headers=True, use_responses_api=True)


def anthropic_messages(gateway, api_key):
    return ChatAnthropic(base_url=f"{gateway.url}/anthropic", api_key=api_key, model="claude-sonnet-5-5", max_retries=0)


@pytest.fixture(params=[chat_completions, responses, anthropic_messages], ids=lambda make: make.__name__)
def model(request, gateway, api_key):
    return request.param(gateway, api_key)


def invoked(model, messages):
    return model.invoke(messages)


def streamed(model, messages):
    """The message that LangChain's own addition makes of a stream."""
    whole, *rest = list(model.stream(messages))
    assert rest
    for chunk in rest:
        whole += chunk
    return whole


def outcome(message) -> str | None:
    """What the gateway did, where the class shows headers; Anthropic's does not."""
    return message.response_metadata.get("headers", {}).get("x-refrain-cache")


def content(message) -> tuple:
    """What an application reads of a message in either form; LangChain breaks usage down further in one of them."""
    usage = message.usage_metadata
    return message.text, message.tool_calls, usage["input_tokens"], usage["output_tokens"]


def assert_outcomes(messages, *expected: str):
    shown = [outcome(message) for message in messages]
    assert shown in (list(expected), [None] * len(expected))


@pytest.mark.parametrize("ask", [invoked, streamed])
def test_the_same_again_is_an_equal_hit(model, upstream_calls, ask):
    first, second = [ask(model, [("system", "Be brief."), ("user", "Name a colour.")]) for _ in range(2)]

    assert_outcomes([first, second], "MISS", "HIT")
    assert content(second) == content(first)
    assert "proof:" in first.text
    assert first.usage_metadata["output_tokens"] > 0
    assert upstream_calls() == 1


@pytest.mark.parametrize("forms", [(invoked, streamed), (streamed, invoked)], ids=["plain first", "stream first"])
def test_one_answer_serves_both_forms(model, upstream_calls, forms):
    first, second = [ask(model, "Name a river.") for ask in forms]

    assert_outcomes([first, second], "MISS", "HIT")
    assert content(second) == content(first)
    assert upstream_calls() == 1


@tool
def get_weather(city: str) -> str:
    """The weather in a city, now."""
    return f"31 °C and clear in {city}"


def weather_loop(model, ask) -> list:
    """An agent's two steps: the model calls a tool, then answers with its result."""
    messages = [HumanMessage("How is the weather in Pune?")]
    armed = model.bind_tools([get_weather])
    step = ask(armed, messages)
    results = [get_weather.invoke(call) for call in step.tool_calls]
    assert results and all(isinstance(result, ToolMessage) for result in results)
    return [step, ask(armed, [*messages, step, *results])]


@pytest.mark.parametrize("ask", [invoked, streamed])
def test_both_steps_of_a_tool_loop_hit_the_second_time(model, upstream_calls, ask):
    first = weather_loop(model, ask)
    second = weather_loop(model, ask)

    assert_outcomes([*first, *second], "MISS", "MISS", "HIT", "HIT")
    assert [content(message) for message in second] == [content(message) for message in first]
    assert upstream_calls() == 2


@pytest.fixture
def embedder(gateway, api_key):
    return lambda **more: OpenAIEmbeddings(base_url=f"{gateway.url}/v1", api_key=api_key, max_retries=0, **more)


def test_each_text_is_embedded_once(embedder, upstream_calls):
    model = embedder(check_embedding_ctx_length=False)
    one, two = model.embed_documents(["a", "b"])

    assert model.embed_documents(["c", "b", "a"])[1:] == [two, one]
    assert model.embed_query("a") == one
    assert upstream_calls() == 2


def test_texts_that_are_sent_as_tokens_are_embedded_once(embedder, upstream_calls, monkeypatch):
    """LangChain's default. It would fetch the model's tokenizer; one of a token a byte will do here."""
    bytewise = tiktoken.Encoding(name="bytes", pat_str=r"(?s:.)", special_tokens={},
                                 mergeable_ranks={bytes([byte]): byte for byte in range(256)})
    monkeypatch.setattr(tiktoken, "encoding_for_model", lambda _: bytewise)
    model = embedder()
    one, two = model.embed_documents(["a", "b"])

    assert model.embed_documents(["c", "b", "a"])[1:] == [two, one]
    assert one != two
    assert upstream_calls() == 2
    assert embedder(check_embedding_ctx_length=False).embed_query("a") != one  # tokens are not taken for text
