// Plain and streamed chat completions: what is asked twice is answered from the cache, to the letter.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { asking, create, proofOf, startGateway, stream } from './support.mjs';

let gateway;
let client;
let callsBefore;
const upstreamCalls = async () => (await gateway.calls()) - callsBefore;

before(async () => { gateway = await startGateway(); });
after(() => gateway.stop());
beforeEach(async () => {
  client = gateway.client();
  callsBefore = await gateway.calls();
});

test('a repeated request is a hit of the same bytes', async () => {
  const request = asking('Name a colour.');
  const first = await create(client, request);
  const second = await create(client, request);

  assert.deepEqual([first.outcome, second.outcome], ['MISS', 'HIT']);
  assert.equal(second.body, first.body);
  assert.ok(first.completion.choices[0].message.content.includes(proofOf(request)));
  assert.equal(await upstreamCalls(), 1);
});

test('a repeated stream is a hit of the same chunks', async () => {
  const request = asking('Name an animal.');
  const first = await stream(client, request);
  const second = await stream(client, request);

  assert.deepEqual([first.outcome, second.outcome], ['MISS', 'HIT']);
  assert.deepEqual(second.chunks, first.chunks);
  assert.ok(first.text.includes(proofOf(request)));
  assert.equal(first.finish, 'stop');
  assert.equal(await upstreamCalls(), 1);
});

test('a plain answer serves a stream', async () => {
  const request = asking('Name a river.');
  const { completion } = await create(client, request);
  const streamed = await stream(client, request);

  assert.equal(streamed.outcome, 'HIT');
  assert.equal(streamed.text, completion.choices[0].message.content);
  assert.equal(streamed.chunks[0].id, completion.id);
  assert.equal(await upstreamCalls(), 1);
});

test('a stream serves a plain request', async () => {
  const request = asking('Name a mountain.');
  const streamed = await stream(client, request);
  const { outcome, completion } = await create(client, request);

  assert.equal(outcome, 'HIT');
  assert.equal(completion.choices[0].message.content, streamed.text);
  assert.equal(completion.id, streamed.chunks[0].id);
  assert.ok(completion.usage.total_tokens > 0);
  assert.equal(await upstreamCalls(), 1);
});

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city, now.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

// An agent's loop as the SDK runs it: the model calls a tool, the SDK answers it, the model concludes.
async function weatherLoop() {
  const ids = [];
  const tool = { ...weather, function: { ...weather.function, parse: JSON.parse, function: () => '31 °C, clear' } };
  const runner = client.chat.completions.runTools({ ...asking('How is the weather in Pune?'), tools: [tool] });
  runner.on('message', (message) => { for (const call of message.tool_calls ?? []) ids.push(call.id); });
  return { ids, text: await runner.finalContent() };
}

test('a tool loop makes no call the second time', async () => {
  const first = await weatherLoop();
  const calls = await upstreamCalls();
  const second = await weatherLoop();

  assert.ok(first.ids.length > 0);
  assert.deepEqual(second, first);
  assert.equal(calls, 2);
  assert.equal(await upstreamCalls(), calls);
});

test('a tool call keeps its id when the form changes', async () => {
  const request = asking('How is the weather in Kochi?', { tools: [weather] });
  const { completion } = await create(client, request);
  const streamed = await stream(client, request);

  const deltas = streamed.chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
  const [call] = completion.choices[0].message.tool_calls;
  assert.equal(streamed.outcome, 'HIT');
  assert.equal(deltas[0].id, call.id);
  const written = deltas.filter(({ index }) => index === 0).map((delta) => delta.function?.arguments ?? '').join('');
  assert.equal(written, call.function.arguments);
  assert.equal(await upstreamCalls(), 1);
});
