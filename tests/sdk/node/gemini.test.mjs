// Google's Gen AI SDK: what is asked twice is answered from the cache, in either form.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { ApiError, GoogleGenAI } from '@google/genai';

import { proofOf, startGateway } from './support.mjs';

const model = 'gemini-2.5-flash';

let gateway;
let client;
let tenants = 0;
let callsBefore;
const upstreamCalls = async () => (await gateway.calls()) - callsBefore;

before(async () => { gateway = await startGateway(); });
after(() => gateway.stop());
beforeEach(async () => {
  tenants += 1;
  client = new GoogleGenAI({ apiKey: `AIza-tenant-${tenants}`, httpOptions: { baseUrl: `${gateway.url}/gemini` } });
  callsBefore = await gateway.calls();
});

const outcomeOf = (response) => response.sdkHttpResponse.headers['x-refrain-cache'];
const content = ({ sdkHttpResponse, ...rest }) => JSON.parse(JSON.stringify(rest));

/** With headers that tell the fake provider what to do. */
const controlled = (headers, more = {}) => ({ httpOptions: { headers }, ...more });

const asked = (contents, config) => client.models.generateContent({ model, contents, config });

/** The outcome and the chunks of a stream, read to its end. */
async function streamed(contents, config) {
  const chunks = [];
  for await (const chunk of await client.models.generateContentStream({ model, contents, config })) chunks.push(chunk);
  return { outcome: outcomeOf(chunks[0]), chunks, text: chunks.map((chunk) => chunk.text ?? '').join('') };
}

const rejection = (promise) => promise.then(() => assert.fail('it was answered'), (error) => error);

test('a repeated request is a hit and equal', async () => {
  const first = await asked('Name a colour.');
  const second = await asked('Name a colour.');
  assert.deepEqual([outcomeOf(first), outcomeOf(second)], ['MISS', 'HIT']);
  assert.deepEqual(content(second), content(first));
  assert.ok(first.text.includes(proofOf({ model, contents: [{ parts: [{ text: 'Name a colour.' }], role: 'user' }] })));
  assert.equal(await upstreamCalls(), 1);
});

test('a repeated stream is a hit of the same chunks', async () => {
  const first = await streamed('Name an animal.');
  const second = await streamed('Name an animal.');
  assert.deepEqual([first.outcome, second.outcome], ['MISS', 'HIT']);
  assert.ok(first.chunks.length > 2);
  assert.deepEqual(second.chunks.map(content), first.chunks.map(content));
  assert.equal(await upstreamCalls(), 1);
});

test('a request and its stream share an entry, whichever came first', async () => {
  for (const streamFirst of [false, true]) {
    const text = `Name a river, ${streamFirst}.`;
    const first = streamFirst ? await streamed(text) : await asked(text);
    const second = streamFirst ? await asked(text) : await streamed(text);
    const [plain, stream] = streamFirst ? [second, first] : [first, second];
    assert.equal(streamFirst ? outcomeOf(plain) : stream.outcome, 'HIT');
    assert.equal(stream.text, plain.text);
    assert.equal(stream.chunks.at(-1).responseId, plain.responseId);
    assert.deepEqual(content(stream.chunks.at(-1)).usageMetadata, content(plain).usageMetadata);
    assert.equal(stream.chunks.at(-1).candidates[0].finishReason, plain.candidates[0].finishReason);
  }
  assert.equal(await upstreamCalls(), 2);
});

const tools = [{
  functionDeclarations: [{
    name: 'get_weather',
    description: 'The weather in a city, now.',
    parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  }],
}];

// An agent's two steps: the model calls a function, then answers with its result.
async function weatherLoop(stream) {
  const contents = [{ role: 'user', parts: [{ text: 'How is the weather in Pune?' }] }];
  const ask = async () => (stream ? (await streamed(contents, { tools })).chunks : [await asked(contents, { tools })]);
  const parts = (await ask()).flatMap((chunk) => chunk.candidates[0].content.parts ?? []);
  const [{ functionCall: call }] = parts;
  const functionResponse = { id: call.id, name: call.name, response: { output: '31 °C, clear' } };
  contents.push({ role: 'model', parts }, { role: 'user', parts: [{ functionResponse }] });
  const last = await ask();
  return { call: content(call), text: last.map((chunk) => chunk.text ?? '').join('') };
}

test('both steps of a tool loop hit in either form', async () => {
  const first = await weatherLoop(false);
  assert.equal(first.call.name, 'get_weather');
  for (const stream of [false, true, true]) assert.deepEqual(await weatherLoop(stream), first);
  assert.equal(await upstreamCalls(), 2);
});

test('each content is embedded once', async () => {
  const embed = async (...contents) => {
    const answer = await client.models.embedContent({ model: 'gemini-embedding-001', contents });
    return answer.embeddings.map(({ values }) => values);
  };
  const vectors = await embed('a', 'b');
  const more = await embed('c', 'b', 'a');
  assert.deepEqual(await embed('a', 'b'), vectors);
  assert.deepEqual(more.slice(1), vectors.toReversed());
  assert.equal(await upstreamCalls(), 2);
});

test('tokens are counted once', async () => {
  const count = () => client.models.countTokens({ model, contents: 'How long is this?' });
  const [first, second] = [await count(), await count()];
  assert.ok(first.totalTokens > 0);
  assert.equal(second.totalTokens, first.totalTokens);
  assert.equal(await upstreamCalls(), 1);
});

for (const status of [400, 429, 503]) {
  test(`${status} is an exception and is not kept`, async () => {
    for (const ask of [asked, streamed]) {
      const error = await rejection(ask(`Fail with ${status}.`, controlled({ 'x-mock-status': String(status) })));
      assert.ok(error instanceof ApiError, String(error));
      assert.equal(error.status, status);
    }
    assert.equal(outcomeOf(await asked(`Fail with ${status}.`)), 'MISS');
    assert.equal(await upstreamCalls(), 3);
  });
}

test('an error within a stream is an exception and is not kept', async () => {
  const error = await rejection(streamed('Break off.', controlled({ 'x-mock-error-event': '2' })));
  assert.ok(error instanceof Error);
  assert.equal(outcomeOf(await asked('Break off.')), 'MISS');
  assert.equal(await upstreamCalls(), 2);
});

test('after an abort the rest of the stream is there all the same', async () => {
  const abort = new AbortController();
  const beginning = [];
  const config = controlled({ 'x-mock-gap-ms': '15' }, { abortSignal: abort.signal });
  await rejection((async () => {
    const chunks = await client.models.generateContentStream({ model, contents: 'Tell a long story.', config });
    for await (const chunk of chunks) {
      beginning.push(content(chunk));
      if (beginning.length === 3) abort.abort();
    }
  })());
  const whole = await streamed('Tell a long story.');
  assert.ok(['COALESCED', 'HIT'].includes(whole.outcome), whole.outcome);
  assert.deepEqual(whole.chunks.slice(0, 3).map(content), beginning.slice(0, 3));
  assert.equal((await streamed('Tell a long story.')).outcome, 'HIT');
  assert.equal(await upstreamCalls(), 1);
});
