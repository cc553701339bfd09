// The endpoints beside chat completions: what is asked twice is answered from the cache, in either form.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { toFile } from 'openai';

import { proofOf, startGateway } from './support.mjs';

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

/** The outcome and the very text of an answer's body, of a call such as `client.responses.create(...)`. */
async function asked(call) {
  const response = await call.asResponse();
  return { outcome: response.headers.get('x-refrain-cache'), body: await response.text() };
}

/** The outcome and the events of a stream, read to its end. */
async function streamed(call) {
  const { data, response } = await call.withResponse();
  const events = [];
  for await (const event of data) events.push(event);
  return { outcome: response.headers.get('x-refrain-cache'), events };
}

/** Asks twice by `ask`; the answer. */
async function hitsWithTheSameBytes(ask) {
  const first = await asked(ask());
  const second = await asked(ask());
  assert.deepEqual([first.outcome, second.outcome], ['MISS', 'HIT']);
  assert.equal(second.body, first.body);
  return JSON.parse(first.body);
}

const responding = (input, more = {}) => ({ model: 'gpt-4o-mini', input, ...more });

test('a repeated response is a hit of the same bytes', async () => {
  const request = responding('Name a colour.');
  const response = await hitsWithTheSameBytes(() => client.responses.create(request));
  assert.ok(response.output[0].content[0].text.includes(proofOf(request)));
  assert.equal(await upstreamCalls(), 1);
});

test('a response and its stream share an entry, whichever came first', async () => {
  for (const streamFirst of [false, true]) {
    const request = responding(`Name a river, ${streamFirst}.`);
    const plain = async () => asked(client.responses.create(request));
    const stream = async () => streamed(client.responses.create({ ...request, stream: true }));
    const first = await (streamFirst ? stream() : plain());
    const second = await (streamFirst ? plain() : stream());
    assert.deepEqual([first.outcome, second.outcome], ['MISS', 'HIT']);
    const { events } = streamFirst ? first : second;
    const response = JSON.parse((streamFirst ? second : first).body);
    const text = events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta).join('');
    assert.equal(text, response.output[0].content[0].text);
    assert.equal(events.at(-1).response.id, response.id);
  }
  assert.equal(await upstreamCalls(), 2);
});

test('the SDK gathers a stream that was made of a plain response', async () => {
  const request = responding('Name a lake.');
  const response = await client.responses.create(request);
  const final = await client.responses.stream(request).finalResponse();
  assert.equal(final.id, response.id);
  assert.equal(final.output_text, response.output_text);
  assert.equal(await upstreamCalls(), 1);
});

const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather in a city, now.',
  parameters: {
    type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false,
  },
  strict: true,
};

// An agent's two steps: the model calls a function, then answers with its result.
async function weatherLoop() {
  const input = [{ role: 'user', content: 'How is the weather in Pune?' }];
  const step = await client.responses.create(responding(input, { tools: [weather] }));
  const [call] = step.output;
  const output = { type: 'function_call_output', call_id: call.call_id, output: '31 °C, clear' };
  const last = await client.responses.create(responding([...input, call, output], { tools: [weather] }));
  const reference = await client.responses.create(
    responding([...input, { type: 'item_reference', id: call.id }, output], { tools: [weather] }),
  );
  const followUp = await client.responses.create(responding([output], { previous_response_id: step.id }));
  return { ids: [step.id, call.id, last.id, reference.id, followUp.id], text: last.output_text };
}

test('a tool loop makes no call the second time, nor do references and follow-ups', async () => {
  const first = await weatherLoop();
  const calls = await upstreamCalls();
  const second = await weatherLoop();

  assert.deepEqual(second, first);
  assert.equal(calls, 4);
  assert.equal(await upstreamCalls(), calls);
});

test('completions serve both forms', async () => {
  const request = { model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon a time' };
  const completion = await client.completions.create(request);
  const { outcome, events } = await streamed(client.completions.create({ ...request, stream: true }));
  assert.equal(outcome, 'HIT');
  assert.equal(events.map((chunk) => chunk.choices[0]?.text ?? '').join(''), completion.choices[0].text);
  assert.equal(await upstreamCalls(), 1);
});

test('the same audio is transcribed once, though each call has a boundary of its own', async () => {
  const transcribe = async (name) => client.audio.transcriptions.create({
    model: 'gpt-4o-transcribe', file: await toFile(Buffer.from('RIFF and the rest of it'), name),
  });
  const first = await transcribe('a.wav');
  const second = await transcribe('b.wav');
  assert.deepEqual(second, first);
  assert.ok(first.text.startsWith('proof:'));
  assert.equal(await upstreamCalls(), 1);
});

test('an image is drawn once, and a moderation made once', async () => {
  const image = { model: 'gpt-image-1', prompt: 'A hill at dawn' };
  const drawn = await hitsWithTheSameBytes(() => client.images.generate(image));
  const png = Buffer.from(drawn.data[0].b64_json, 'base64');
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.ok(png.includes(proofOf(image)));
  const judged = { model: 'omni-moderation-latest', input: 'a walk' };
  await hitsWithTheSameBytes(() => client.moderations.create(judged));
  assert.equal(await upstreamCalls(), 2);
});
