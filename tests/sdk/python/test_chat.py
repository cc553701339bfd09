"""Plain and streamed chat completions: what is asked twice is answered from the cache, to the letter."""

from chat import MODEL, WEATHER, asking, create, stream
from conftest import proof_of


def test_a_repeated_request_is_a_hit_of_the_same_bytes(client, upstream_calls):
    request = asking("Name a colour.")
    first, completion, body = create(client, **request)
    second, again, same_body = create(client, **request)

    assert (first, second) == ("MISS", "HIT")
    assert same_body == body
    assert again.id == completion.id
    assert proof_of(**request) in completion.choices[0].message.content
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens
    assert upstream_calls() == 1


def test_a_repeated_stream_is_a_hit_of_the_same_chunks(client, upstream_calls):
    request = asking("Name an animal.")
    first = stream(client, **request)
    second = stream(client, **request)

    assert (first.outcome, second.outcome) == ("MISS", "HIT")
    assert len(first.chunks) > 3
    assert second.chunks == first.chunks
    assert proof_of(**request) in first.text
    assert first.finish_reason == "stop"
    assert upstream_calls() == 1


def test_a_plain_answer_serves_a_stream(client, upstream_calls):
    request = asking("Name a river.")
    _, completion, _ = create(client, **request)
    streamed = stream(client, stream_options={"include_usage": True}, **request)

    assert streamed.outcome == "HIT"
    assert streamed.text == completion.choices[0].message.content
    assert {chunk.id for chunk in streamed.chunks} == {completion.id}
    assert streamed.finish_reason == completion.choices[0].finish_reason
    assert streamed.usage == [completion.usage]
    assert upstream_calls() == 1


def test_a_stream_serves_a_plain_request(client, upstream_calls):
    request = asking("Name a mountain.")
    streamed = stream(client, **request)
    outcome, completion, _ = create(client, **request)

    assert outcome == "HIT"
    assert completion.choices[0].message.content == streamed.text
    assert completion.choices[0].message.role == "assistant"
    assert completion.id == streamed.chunks[0].id
    assert completion.object == "chat.completion"
    assert completion.usage.total_tokens > 0
    assert upstream_calls() == 1


def test_usage_is_streamed_to_those_who_ask_for_it(client, upstream_calls):
    request = asking("Name a tree.")
    silent = stream(client, **request)
    told = stream(client, stream_options={"include_usage": True}, **request)

    assert silent.usage == []
    assert told.outcome == "HIT"
    assert len(told.usage) == 1
    assert told.chunks[-1].choices == []
    assert upstream_calls() == 1


def test_several_choices_come_back_in_both_forms(client, upstream_calls):
    request = asking("Name a star.", n=2)
    _, completion, _ = create(client, **request)
    streamed = stream(client, **request)

    texts = ["", ""]
    for chunk in streamed.chunks:
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    assert streamed.outcome == "HIT"
    assert texts == [choice.message.content for choice in completion.choices]
    assert upstream_calls() == 1


def test_a_field_that_changes_the_answer_is_another_entry(client, upstream_calls):
    for temperature in (0, 0.5, 1):
        outcome, _, _ = create(client, **asking("Name a bird.", temperature=temperature))
        assert outcome == "MISS"
    assert upstream_calls() == 3


def test_a_field_that_cannot_change_the_answer_is_not(client, upstream_calls):
    create(client, **asking("Name a fish.", user="anna"))
    outcome, _, _ = create(client, **asking("Name a fish.", user="ben", metadata={"team": "b"}))
    assert outcome == "HIT"
    assert upstream_calls() == 1


def weather_loop(client, ask) -> list:
    """An agent's two steps: the model calls a tool, then answers with its result. What came back at each."""
    request = asking("How is the weather in Pune?", tools=[WEATHER])
    calls, outcome = ask(client, request)
    ids = [call_id for call_id, _, _ in calls]
    messages = [
        *request["messages"],
        {"role": "assistant", "content": None,
         "tool_calls": [{"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
                        for call_id, name, arguments in calls]},
        *({"role": "tool", "tool_call_id": call_id, "content": "31 °C, clear"} for call_id in ids),
    ]
    second, completion, _ = create(client, model=MODEL, messages=messages, tools=[WEATHER])
    return [outcome, second, calls, completion.choices[0].message.content]


def ask_plain(client, request):
    outcome, completion, _ = create(client, **request)
    calls = completion.choices[0].message.tool_calls
    return [(call.id, call.function.name, call.function.arguments) for call in calls], outcome


def ask_streamed(client, request):
    streamed = stream(client, **request)
    return streamed.tool_calls, streamed.outcome


def test_both_steps_of_a_tool_loop_hit_the_second_time(client, upstream_calls):
    first = weather_loop(client, ask_plain)
    second = weather_loop(client, ask_plain)

    assert first[:2] == ["MISS", "MISS"]
    assert second[:2] == ["HIT", "HIT"]
    assert second[2:] == first[2:]
    assert first[2][0][1] == "get_weather"
    assert upstream_calls() == 2


def test_a_tool_loop_hits_though_its_form_changed(client, upstream_calls):
    plain = weather_loop(client, ask_plain)
    streamed = weather_loop(client, ask_streamed)

    assert streamed[:2] == ["HIT", "HIT"]
    assert streamed[2:] == plain[2:]
    assert upstream_calls() == 2


def test_a_streamed_tool_loop_serves_a_plain_one(client, upstream_calls):
    streamed = weather_loop(client, ask_streamed)
    plain = weather_loop(client, ask_plain)

    assert plain[:2] == ["HIT", "HIT"]
    assert plain[2:] == streamed[2:]
    assert upstream_calls() == 2


def test_credentials_do_not_share_answers(client, upstream_calls):
    request = asking("Name a stone.")
    create(client, **request)
    outcome, _, _ = create(client.with_options(api_key="sk-somebody-else"), **request)
    assert outcome == "MISS"
    assert upstream_calls() == 2
