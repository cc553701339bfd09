"""The async client, two hundred at a time."""

import asyncio

from chat import asking, outcome
from conftest import proof_of

MANY = 200


async def ask(client, request, **headers):
    response = await client.chat.completions.with_raw_response.create(**request, extra_headers=headers)
    return outcome(response), response.parse().choices[0].message.content


async def ask_streamed(client, request, **headers):
    response = await client.chat.completions.with_raw_response.create(**request, stream=True, extra_headers=headers)
    text = "".join([chunk.choices[0].delta.content or "" async for chunk in response.parse() if chunk.choices])
    return outcome(response), text


def test_the_async_client_is_answered_from_the_cache(async_client, upstream_calls):
    async def twice(question):
        async with async_client() as client:
            return await question(client, asking("Say it again.")), await question(client, asking("Say it again."))

    first, second = asyncio.run(twice(ask))
    assert (first[0], second[0]) == ("MISS", "HIT")
    assert second[1] == first[1]
    assert asyncio.run(twice(ask_streamed)) == (("HIT", first[1]), ("HIT", first[1]))
    assert upstream_calls() == 1


def test_identical_requests_at_once_make_one_upstream_call(async_client, upstream_calls):
    async def all_at_once(question, request):
        async with async_client() as client:
            return await asyncio.gather(*(question(client, request, **{"x-mock-latency-ms": "1000"})
                                          for _ in range(MANY)))

    for calls, question in enumerate((ask, ask_streamed), start=1):
        request = asking(f"All together now, {question.__name__}.")
        answers = asyncio.run(all_at_once(question, request))
        assert {text for _, text in answers} == {answers[0][1]}
        assert proof_of(**request) in answers[0][1]
        assert [done for done, _ in answers].count("MISS") == 1
        assert {done for done, _ in answers} <= {"MISS", "COALESCED", "HIT"}
        assert upstream_calls() == calls


def test_distinct_requests_at_once_get_each_its_own_answer(async_client, upstream_calls):
    requests = [asking(f"What is {number} plus one?") for number in range(MANY)]

    async def all_at_once(question):
        async with async_client() as client:
            return await asyncio.gather(*(question(client, request) for request in requests))

    for question, expected in ((ask, "MISS"), (ask_streamed, "HIT")):
        for request, (done, text) in zip(requests, asyncio.run(all_at_once(question)), strict=True):
            assert done == expected
            assert proof_of(**request) in text
    assert upstream_calls() == MANY
