"""The requests of the suite, and how to read what comes back."""

import dataclasses

MODEL = "gpt-4o-mini"

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city, now.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def asking(text: str, **more) -> dict:
    """A chat request with one user message."""
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], **more}


def outcome(response) -> str:
    """What the gateway says it did: HIT, MISS, COALESCED..."""
    return response.headers["x-refrain-cache"]


def create(client, **request):
    """The outcome, the parsed completion and the very bytes of the body."""
    response = client.chat.completions.with_raw_response.create(**request)
    return outcome(response), response.parse(), response.http_response.content


@dataclasses.dataclass
class Streamed:
    """A stream, read to its end and put together as an application does."""

    outcome: str
    chunks: list

    @property
    def text(self) -> str:
        return "".join(c.choices[0].delta.content or "" for c in self.chunks if c.choices)

    @property
    def finish_reason(self) -> str | None:
        return [c.choices[0].finish_reason for c in self.chunks if c.choices][-1]

    @property
    def usage(self) -> list:
        return [c.usage for c in self.chunks if c.usage]

    @property
    def tool_calls(self) -> list[tuple[str, str, str]]:
        """Id, name and arguments of each call, put together from its deltas."""
        calls: dict[int, list[str]] = {}
        for chunk in self.chunks:
            for delta in (chunk.choices[0].delta.tool_calls or []) if chunk.choices else []:
                call = calls.setdefault(delta.index, ["", "", ""])
                call[0] = call[0] or delta.id or ""
                call[1] = call[1] or delta.function.name or ""
                call[2] += delta.function.arguments or ""
        return [tuple(calls[index]) for index in sorted(calls)]


def stream(client, **request) -> Streamed:
    response = client.chat.completions.with_raw_response.create(stream=True, **request)
    return Streamed(outcome(response), list(response.parse()))
