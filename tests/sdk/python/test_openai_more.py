"""The endpoints beside chat completions: what is asked twice is answered from the cache, in either form."""

import base64
import hashlib

import pytest

from chat import MODEL, outcome
from conftest import proof_of

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city, now.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
                   "additionalProperties": False},
    "strict": True,
}
AUDIO = b"RIFF\x24\x00\x00\x00WAVEfmt and the rest of it"


def asked(method, **request):
    """The outcome, what the SDK makes of the answer, and the very bytes of its body."""
    response = method.with_raw_response.create(**request)
    return outcome(response), response.parse(), response.http_response.content


def streamed(method, **request):
    """The outcome, and the events of a stream, read to its end."""
    response = method.with_raw_response.create(stream=True, **request)
    return outcome(response), list(response.parse())


def hits_with_the_same_bytes(method, **request):
    """Asks twice, and returns what the SDK made of it."""
    first, answer, body = asked(method, **request)
    second, again, same_body = asked(method, **request)
    assert (first, second) == ("MISS", "HIT")
    assert same_body == body
    assert again == answer
    return answer


# Responses.


def test_a_repeated_response_is_a_hit_of_the_same_bytes(client, upstream_calls):
    request = {"model": MODEL, "input": "Name a colour.", "user": "anna", "metadata": {"team": "a"}}
    response = hits_with_the_same_bytes(client.responses, **request)

    assert proof_of(**request) in response.output_text
    assert response.status == "completed"
    assert response.user == "anna"
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    assert upstream_calls() == 1


def test_a_repeated_stream_of_a_response_is_a_hit_of_the_same_events(client, upstream_calls):
    first, events = streamed(client.responses, model=MODEL, input="Name an animal.")
    second, again = streamed(client.responses, model=MODEL, input="Name an animal.")

    assert (first, second) == ("MISS", "HIT")
    assert again == events
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert upstream_calls() == 1


def gathered(client, **request):
    """A stream as the SDK's own helper puts it together: the text of its deltas, and the final response."""
    with client.responses.stream(**request) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        return text, stream.get_final_response()


def test_a_plain_response_serves_a_stream(client, upstream_calls):
    _, response, _ = asked(client.responses, model=MODEL, input="Name a river.")
    text, final = gathered(client, model=MODEL, input="Name a river.")

    assert text == final.output_text == response.output_text
    assert final.id == response.id
    assert final.output[0].id == response.output[0].id
    assert final.usage == response.usage
    assert upstream_calls() == 1


@pytest.mark.parametrize("model", [MODEL, "mock-reasoner"])
def test_a_stream_serves_a_plain_response(client, upstream_calls, model):
    first, events = streamed(client.responses, model=model, input="Name a mountain.")
    second, response, _ = asked(client.responses, model=model, input="Name a mountain.")

    assert (first, second) == ("MISS", "HIT")
    assert events[-1].type == "response.completed"
    assert events[-1].response == response
    assert upstream_calls() == 1


def weather_loop(ask, instructions):
    """An agent's two steps: the model calls a function, then answers with its result. What came back at each."""
    items = [{"role": "user", "content": "How is the weather in Pune?"}]
    request = {"model": MODEL, "instructions": instructions, "tools": [WEATHER]}
    first, step = ask(input=items, **request)
    calls = [item for item in step.output if item.type == "function_call"]
    items += [item.to_dict() for item in step.output]
    items += [{"type": "function_call_output", "call_id": call.call_id, "output": "31 °C, clear"} for call in calls]
    second, last = ask(input=items, **request)
    return [first, second], [call.call_id for call in calls], last.output_text


def test_both_steps_of_a_tool_loop_hit_in_either_form(client, upstream_calls):
    def plain(**request):
        return asked(client.responses, **request)[:2]

    def from_stream(**request):
        how, events = streamed(client.responses, **request)
        return how, events[-1].response

    for first_form, second_form in ((plain, plain), (plain, from_stream), (from_stream, plain)):
        about = f"Be brief. {first_form.__name__} {second_form.__name__}"
        first = weather_loop(first_form, about)
        second = weather_loop(second_form, about)
        assert first[0] == ["MISS", "MISS"]
        assert second[0] == ["HIT", "HIT"]
        assert second[1:] == first[1:]
        assert len(first[1]) == 1
    assert upstream_calls() == 6


def test_a_follow_up_by_id_is_a_hit(client, upstream_calls):
    first = client.responses.create(model=MODEL, input="Name a tree.")
    request = {"model": MODEL, "input": "Another.", "previous_response_id": first.id}
    follow_up = hits_with_the_same_bytes(client.responses, **request)

    assert follow_up.previous_response_id == first.id
    assert asked(client.responses, model=MODEL, input="Another.")[0] == "MISS"
    assert upstream_calls() == 3


def test_what_runs_in_the_background_is_not_cached(client, upstream_calls):
    for _ in range(2):
        how, response, _ = asked(client.responses, model=MODEL, input="Take your time.", background=True)
        assert (how, response.status) == ("BYPASS", "queued")
    assert upstream_calls() == 2


def test_a_response_that_ends_in_an_error_is_not_kept(client, upstream_calls):
    request = {"model": MODEL, "input": "Fail."}
    how, events = streamed(client.responses, **request, extra_headers={"x-mock-error-event": "3"})
    assert (how, events[-1].type) == ("MISS", "error")
    assert asked(client.responses, **request)[0] == "MISS"
    assert upstream_calls() == 2


# Completions.


def test_completions_serve_both_forms(client, upstream_calls):
    request = {"model": "gpt-3.5-turbo-instruct", "prompt": "Once upon a time", "n": 2, "logprobs": 1}
    completion = hits_with_the_same_bytes(client.completions, **request)
    how, chunks = streamed(client.completions, **request, stream_options={"include_usage": True})

    texts = ["", ""]
    for chunk in chunks:
        for choice in chunk.choices:
            texts[choice.index] += choice.text
    assert how == "HIT"
    assert texts == [choice.text for choice in completion.choices]
    assert chunks[-1].usage == completion.usage
    assert proof_of(**request) in texts[0]
    assert upstream_calls() == 1


def test_a_stream_serves_a_plain_completion(client, upstream_calls):
    request = {"model": "gpt-3.5-turbo-instruct", "prompt": "The end", "logprobs": 1}
    _, chunks = streamed(client.completions, **request)
    how, completion, _ = asked(client.completions, **request)

    assert how == "HIT"
    assert completion.choices[0].text == "".join(chunk.choices[0].text for chunk in chunks if chunk.choices)
    assert "".join(completion.choices[0].logprobs.tokens) == completion.choices[0].text
    assert completion.usage.total_tokens > 0
    assert upstream_calls() == 1


# Transcriptions.


def test_the_same_audio_is_transcribed_once(client, upstream_calls):
    """Each call has a boundary of its own."""
    request = {"model": "gpt-4o-transcribe", "prompt": "Zoë", "file": ("speech.wav", AUDIO)}
    transcript = hits_with_the_same_bytes(client.audio.transcriptions, **request)

    in_the_proof = {**request, "file": hashlib.sha256(AUDIO).hexdigest()}
    assert proof_of(**in_the_proof) in transcript.text
    assert upstream_calls() == 1


def test_another_file_name_is_the_same_audio_and_another_audio_is_not(client, upstream_calls):
    ask = client.audio.transcriptions
    assert asked(ask, model="gpt-4o-transcribe", file=("a.wav", AUDIO))[0] == "MISS"
    assert asked(ask, model="gpt-4o-transcribe", file=("b.wav", AUDIO))[0] == "HIT"
    assert asked(ask, model="gpt-4o-transcribe", file=("a.wav", AUDIO + b"."))[0] == "MISS"
    assert upstream_calls() == 2


@pytest.mark.parametrize("stream_first", [False, True])
def test_a_transcript_and_its_stream_share_an_entry(client, upstream_calls, stream_first):
    request = {"model": "gpt-4o-transcribe", "file": ("a.wav", AUDIO), "include": ["logprobs"]}
    if stream_first:
        first, events = streamed(client.audio.transcriptions, **request)
        second, transcript, _ = asked(client.audio.transcriptions, **request)
    else:
        first, transcript, _ = asked(client.audio.transcriptions, **request)
        second, events = streamed(client.audio.transcriptions, **request)

    assert (first, second) == ("MISS", "HIT")
    assert events[-1].text == transcript.text
    assert "".join(event.delta for event in events[:-1]) == transcript.text
    assert events[-1].usage.total_tokens == transcript.usage.total_tokens
    assert upstream_calls() == 1


@pytest.mark.parametrize("response_format", ["verbose_json", "text", "srt", "vtt"])
def test_each_format_of_a_transcript_is_kept(client, upstream_calls, response_format):
    request = {"model": "whisper-1", "file": ("a.wav", AUDIO), "response_format": response_format}
    hits_with_the_same_bytes(client.audio.transcriptions, **request)
    assert upstream_calls() == 1


def test_translations_are_kept(client, upstream_calls):
    hits_with_the_same_bytes(client.audio.translations, model="whisper-1", file=("a.wav", AUDIO))
    assert upstream_calls() == 1


# Images and moderations.


def test_an_image_is_drawn_once(client, upstream_calls):
    response = client.images.with_raw_response.generate(model="gpt-image-1", prompt="A hill at dawn")
    again = client.images.with_raw_response.generate(model="gpt-image-1", prompt="A hill at dawn")

    assert (outcome(response), outcome(again)) == ("MISS", "HIT")
    assert again.http_response.content == response.http_response.content
    png = base64.b64decode(again.parse().data[0].b64_json)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert proof_of(model="gpt-image-1", prompt="A hill at dawn").encode() in png
    assert upstream_calls() == 1


def test_an_image_behind_a_link_is_not_kept(client, upstream_calls):
    for _ in range(2):
        response = client.images.with_raw_response.generate(model="dall-e-3", prompt="A hill at dawn")
        assert outcome(response) == "MISS"
        assert response.parse().data[0].url
    assert upstream_calls() == 2


def test_an_image_that_is_streamed_is_kept(client, upstream_calls):
    def draw():
        response = client.images.with_raw_response.generate(
            model="gpt-image-1", prompt="A lake", stream=True, partial_images=2)
        return outcome(response), list(response.parse())

    first, events = draw()
    second, again = draw()
    assert (first, second) == ("MISS", "HIT")
    assert again == events
    assert [event.type for event in events] == ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
    assert upstream_calls() == 1


def test_a_moderation_is_made_once(client, upstream_calls):
    request = {"model": "omni-moderation-latest", "input": ["a walk", "some violence"]}
    moderation = hits_with_the_same_bytes(client.moderations, **request)
    assert [result.flagged for result in moderation.results] == [False, True]
    assert upstream_calls() == 1
