// Ollama's own SDK: what is asked twice is answered from the cache, in either form.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { Ollama } from 'ollama';

import { proofOf, startGateway } from './support.mjs';

const model = 'llama3.2';

let gateway;
let client;
let outcomes;
let controls;
let tenants = 0;
let callsBefore;
const upstreamCalls = async () => (await gateway.calls()) - callsBefore;

before(async () => { gateway = await startGateway(); });
after(() => gateway.stop());
beforeEach(async () => {
  tenants += 1;
  outcomes = [];
  controls = {};
  client = new Ollama({
    host: `${gateway.url}/ollama`,
    // The SDK shows no headers, so they are seen on their way; `controls` tell the fake provider what to do.
    fetch: async (url, options) => {
      const headers = { ...options.headers, authorization: `Bearer tenant-${tenants}`, ...controls };
      const response = await fetch(url, { ...options, headers });
      outcomes.push(response.headers.get('x-refrain-cache'));
      return response;
    },
  });
  callsBefore = await gateway.calls();
});

const asking = (text, more = {}) => ({ model, messages: [{ role: 'user', content: text }], ...more });

/** The lines of a stream, read to its end. */
async function linesOf(answer) {
  const lines = [];
  for await (const line of await answer) lines.push(line);
  return lines;
}

const streamed = (request) => linesOf(client.chat({ ...request, stream: true }));
const textOf = (lines) => lines.map(({ message }) => message.content).join('');
const rejection = (promise) => promise.then(() => assert.fail('it was answered'), (error) => error);

test('a repeated chat is a hit and equal', async () => {
  const request = asking('Name a colour.');
  const first = await client.chat(request);
  assert.deepEqual(await client.chat(request), first);
  assert.deepEqual(outcomes, ['MISS', 'HIT']);
  assert.ok(first.message.content.includes(proofOf(request)));
  assert.equal(await upstreamCalls(), 1);
});

test('a repeated stream is a hit of the same lines', async () => {
  const first = await streamed(asking('Name an animal.'));
  assert.deepEqual(await streamed(asking('Name an animal.')), first);
  assert.ok(first.length > 2);
  assert.deepEqual(outcomes, ['MISS', 'HIT']);
  assert.equal(await upstreamCalls(), 1);
});

test('a chat and its stream share an entry, whichever came first', async () => {
  for (const streamFirst of [false, true]) {
    const request = asking(`Name a river, ${streamFirst}.`, { think: true });
    let lines = streamFirst ? await streamed(request) : null;
    const plain = await client.chat(request);
    lines ??= await streamed(request);
    assert.equal(textOf(lines), plain.message.content);
    assert.equal(lines.map(({ message }) => message.thinking ?? '').join(''), plain.message.thinking);
    for (const name of ['done', 'done_reason', 'eval_count', 'prompt_eval_count', 'total_duration']) {
      assert.equal(lines.at(-1)[name], plain[name], name);
    }
  }
  assert.deepEqual(outcomes, ['MISS', 'HIT', 'MISS', 'HIT']);
  assert.equal(await upstreamCalls(), 2);
});

test('generate serves both forms', async () => {
  const request = { model, prompt: 'Once upon a time' };
  const plain = await client.generate(request);
  const lines = await linesOf(client.generate({ ...request, stream: true }));
  assert.equal(lines.map(({ response }) => response).join(''), plain.response);
  assert.deepEqual(lines.at(-1).context, plain.context);
  assert.deepEqual(outcomes, ['MISS', 'HIT']);
});

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city, now.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

// An agent's two steps: the model calls a function, then answers with its result.
async function weatherLoop(stream) {
  const request = asking('How is the weather in Pune?', { tools: [weather] });
  const ask = async () => (stream ? streamed(request) : [await client.chat(request)]);
  const calls = (await ask()).flatMap(({ message }) => message.tool_calls ?? []);
  request.messages.push(
    { role: 'assistant', content: '', tool_calls: calls },
    { role: 'tool', tool_name: 'get_weather', content: '31 °C, clear' },
  );
  return { calls, text: textOf(await ask()) };
}

test('both steps of a tool loop hit in either form', async () => {
  const first = await weatherLoop(true);
  assert.equal(first.calls.length, 1);
  for (const stream of [true, false, false]) assert.deepEqual(await weatherLoop(stream), first);
  assert.equal(await upstreamCalls(), 2);
});

test('each text is embedded once', async () => {
  const embed = async (input) => (await client.embed({ model: 'all-minilm', input })).embeddings;
  const vectors = await embed(['a', 'b']);
  assert.deepEqual((await embed(['c', 'b', 'a'])).slice(1), vectors.toReversed());
  assert.deepEqual(await embed('a'), [vectors[0]]);
  assert.deepEqual(outcomes, ['MISS', 'MISS', 'HIT']);
  assert.equal(await upstreamCalls(), 2);
});

for (const status of [400, 404, 500]) {
  test(`${status} is an exception and is not kept`, async () => {
    const request = asking(`Fail with ${status}.`);
    controls = { 'x-mock-status': String(status) };
    for (const ask of [(one) => client.chat(one), streamed]) {
      const error = await rejection(ask(request));
      assert.equal(error.name, 'ResponseError');
      assert.equal(error.status_code, status);
    }
    controls = {};
    await client.chat(request);
    assert.deepEqual(outcomes, ['MISS', 'MISS', 'MISS']);
    assert.equal(await upstreamCalls(), 3);
  });
}

test('an error within a stream is an exception and is not kept', async () => {
  controls = { 'x-mock-error-event': '2' };
  const error = await rejection(streamed(asking('Break off.')));
  assert.match(error.message, /unexpected EOF/);
  controls = {};
  await client.chat(asking('Break off.'));
  assert.deepEqual(outcomes, ['MISS', 'MISS']);
});

test('after an abort the rest of the stream is there all the same', async () => {
  controls = { 'x-mock-gap-ms': '15' };
  const beginning = [];
  const error = await rejection((async () => {
    const lines = await client.chat({ ...asking('Tell a long story.'), stream: true });
    for await (const line of lines) {
      beginning.push(line);
      if (beginning.length === 3) lines.abort();
    }
  })());
  assert.equal(error.name, 'AbortError');
  controls = {};
  const whole = await streamed(asking('Tell a long story.'));
  assert.ok(['COALESCED', 'HIT'].includes(outcomes[1]), outcomes[1]);
  assert.deepEqual(whole.slice(0, 3), beginning.slice(0, 3));
  // This client leaves at the line that says `done`: the end of the answer, and the entry, may come a moment later.
  assert.deepEqual(await streamed(asking('Tell a long story.')), whole);
  assert.ok(['COALESCED', 'HIT'].includes(outcomes[2]), outcomes[2]);
  assert.equal(await upstreamCalls(), 1);
});
