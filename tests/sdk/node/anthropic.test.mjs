// Anthropic's own client: messages plain and streamed, tools, errors; the second call is a hit to the letter.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';

import { proofOf, startGateway } from './support.mjs';

let gateway;
let client;
let key;
let tenants = 0;
let callsBefore;
const upstreamCalls = async () => (await gateway.calls()) - callsBefore;
const connect = (options) => new Anthropic({ baseURL: `${gateway.url}/anthropic`, maxRetries: 0, ...options });

before(async () => { gateway = await startGateway(); });
after(() => gateway.stop());
beforeEach(async () => {
  tenants += 1;
  key = `sk-ant-tenant-${tenants}`;
  client = connect({ apiKey: key });
  callsBefore = await gateway.calls();
});

const weather = {
  name: 'get_weather',
  description: 'The weather in a city, now.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

/** A messages request with one user message. */
const asking = (text, more = {}) => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 1024,
  messages: [{ role: 'user', content: text }],
  ...more,
});

const outcomeOf = (response) => response.headers.get('x-refrain-cache');

/** The outcome, the message, and the very text of the body. */
async function create(request, options = {}) {
  const response = await client.messages.create(request, options).asResponse();
  const body = await response.text();
  return { outcome: outcomeOf(response), message: JSON.parse(body), body };
}

/** The outcome and every event of a stream. */
async function eventsOf(request, options = {}) {
  const { data, response } = await client.messages.create({ ...request, stream: true }, options).withResponse();
  const events = [];
  for await (const event of data) events.push(event);
  return { outcome: outcomeOf(response), events };
}

/** The outcome and the message that the SDK puts together from a stream, less what it adds of its own. */
async function stream(request) {
  const running = client.messages.stream(request);
  const { parsed_output: added, ...message } = JSON.parse(JSON.stringify(await running.finalMessage()));
  return { outcome: outcomeOf(running.response), message };
}

test('a repeated request is a hit of the same bytes', async () => {
  const request = asking('Name a colour.');
  const first = await create(request);
  const second = await create(request);

  assert.deepEqual([first.outcome, second.outcome], ['MISS', 'HIT']);
  assert.equal(second.body, first.body);
  assert.ok(first.message.content[0].text.includes(proofOf(request)));
  assert.equal(await upstreamCalls(), 1);
});

test('a repeated stream is a hit of the same events', async () => {
  const request = asking('Name an animal.');
  const first = await eventsOf(request);
  const second = await eventsOf(request);

  assert.deepEqual([first.outcome, second.outcome], ['MISS', 'HIT']);
  assert.deepEqual(second.events, first.events);
  assert.equal(first.events[0].type, 'message_start');
  assert.equal(first.events.at(-1).type, 'message_stop');
  assert.equal(await upstreamCalls(), 1);
});

for (const [form, first, second] of [['plain', create, stream], ['streamed', stream, create]]) {
  test(`a ${form} answer with thinking and tools serves the other form`, async () => {
    const request = asking('Name a river.', { thinking: { type: 'adaptive' }, tools: [weather] });
    const recorded = await first(request);
    const turned = await second(request);

    assert.deepEqual([recorded.outcome, turned.outcome], ['MISS', 'HIT']);
    assert.deepEqual(turned.message, recorded.message);
    assert.deepEqual(turned.message.content.map(({ type }) => type), ['thinking', 'tool_use']);
    assert.equal(await upstreamCalls(), 1);
  });
}

// An agent's two steps: the model uses a tool, then answers with its result.
async function weatherLoop(ask) {
  const request = asking('How is the weather in Pune?', { tools: [weather], thinking: { type: 'adaptive' } });
  const { outcome, message } = await ask(request);
  const results = message.content
    .filter(({ type }) => type === 'tool_use')
    .map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: '31 °C, clear' }));
  const told = [{ role: 'assistant', content: message.content }, { role: 'user', content: results }];
  const conclusion = await ask({ ...request, messages: [...request.messages, ...told] });
  return { outcomes: [outcome, conclusion.outcome], messages: [message, conclusion.message] };
}

for (const [form, again] of [['plain', create], ['streamed', stream]]) {
  test(`both steps of a tool loop hit the second time, ${form}`, async () => {
    const first = await weatherLoop(create);
    const second = await weatherLoop(again);

    assert.deepEqual(first.outcomes, ['MISS', 'MISS']);
    assert.deepEqual(second.outcomes, ['HIT', 'HIT']);
    assert.deepEqual(second.messages, first.messages);
    assert.equal(first.messages[0].stop_reason, 'tool_use');
    assert.equal(await upstreamCalls(), 2);
  });
}

test('a key counts as the same in either header', async () => {
  const request = asking('Name a stone.');
  await create(request);
  const byHeader = await create(request, { headers: { 'x-api-key': key, Authorization: null } });
  assert.equal(byHeader.outcome, 'HIT');
  client = connect({ authToken: key });
  assert.equal((await create(request)).outcome, 'HIT');
  client = connect({ authToken: 'another' });
  assert.equal((await create(request)).outcome, 'MISS');
  assert.equal(await upstreamCalls(), 2);
});

const rejection = (promise) => promise.then(() => assert.fail('it was answered'), (error) => error);

const statuses = [
  [400, Anthropic.BadRequestError, 'invalid_request_error'],
  [401, Anthropic.AuthenticationError, 'authentication_error'],
  [429, Anthropic.RateLimitError, 'rate_limit_error'],
  [529, Anthropic.InternalServerError, 'overloaded_error'],
];

for (const [status, exception, kind] of statuses) {
  test(`${status} is its typed exception and is not kept`, async () => {
    const request = asking(`Fail with ${status}.`);
    const headers = { 'x-mock-status': String(status), 'x-mock-retry-after': '7' };
    const error = await rejection(client.messages.create(request, { headers }));

    assert.ok(error instanceof exception, String(error));
    assert.equal(error.status, status);
    assert.equal(error.error.error.type, kind);
    assert.equal(error.headers.get('retry-after'), '7');
    assert.equal((await create(request)).outcome, 'MISS');
    assert.equal(await upstreamCalls(), 2);
  });
}

test('an error event ends the stream with an exception and is not kept', async () => {
  const request = asking('Fail on the way.');
  const error = await rejection(eventsOf(request, { headers: { 'x-mock-error-event': '5' } }));

  assert.ok(error instanceof Anthropic.APIError, String(error));
  assert.equal((await create(request)).outcome, 'MISS');
  assert.equal(await upstreamCalls(), 2);
});

test('after an abort the rest of the stream is there all the same', async () => {
  const request = asking('Tell a long story.');
  const beginning = [];
  const running = await client.messages.create(
    { ...request, stream: true },
    { headers: { 'x-mock-gap-ms': '15' } },
  );
  for await (const event of running) {
    beginning.push(event);
    if (beginning.length === 3) break;  // the SDK aborts the request when the loop is left
  }

  const whole = await eventsOf(request);
  assert.ok(['COALESCED', 'HIT'].includes(whole.outcome), whole.outcome);
  assert.deepEqual(whole.events.slice(0, 3), beginning);
  assert.equal(whole.events.at(-1).type, 'message_stop');
  assert.equal((await create(request)).outcome, 'HIT');
  assert.equal(await upstreamCalls(), 1);
});
