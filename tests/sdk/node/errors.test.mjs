// Failures reach the application as the SDK's own exceptions, whole, and are not kept.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import OpenAI from 'openai';

import { asking, create, startGateway, stream } from './support.mjs';

let gateway;
let client;
let callsBefore;
const upstreamCalls = async () => (await gateway.calls()) - callsBefore;
const served = ['COALESCED', 'HIT'];

before(async () => { gateway = await startGateway(); });
after(() => gateway.stop());
beforeEach(async () => {
  client = gateway.client();
  callsBefore = await gateway.calls();
});

const rejection = (promise) => promise.then(() => assert.fail('it was answered'), (error) => error);

const statuses = [
  [400, OpenAI.BadRequestError],
  [401, OpenAI.AuthenticationError],
  [404, OpenAI.NotFoundError],
  [429, OpenAI.RateLimitError],
  [500, OpenAI.InternalServerError],
];

for (const [status, exception] of statuses) {
  test(`${status} is its typed exception and is not kept`, async () => {
    const request = asking(`Fail with ${status}.`);
    const headers = { 'x-mock-status': String(status), 'x-mock-retry-after': '7' };
    const error = await rejection(client.chat.completions.create(request, { headers }));

    assert.ok(error instanceof exception, String(error));
    assert.equal(error.status, status);
    assert.equal(error.headers.get('retry-after'), '7');
    assert.equal((await create(client, request)).outcome, 'MISS');
    assert.equal(await upstreamCalls(), 2);
  });
}

test('the SDK retries when the provider says', async () => {
  const headers = { 'x-mock-status': '429', 'x-mock-retry-after': '2' };
  const started = performance.now();
  const error = await rejection(
    client.chat.completions.create(asking('Fail, and again.'), { headers, maxRetries: 1 }),
  );

  assert.ok(error instanceof OpenAI.RateLimitError);
  assert.ok(performance.now() - started >= 1990);
  assert.equal(await upstreamCalls(), 2);
});

test('after a time-out the answer is there all the same', async () => {
  const request = asking('Take your time.');
  const headers = { 'x-mock-latency-ms': '1500' };
  const error = await rejection(client.chat.completions.create(request, { headers, timeout: 300 }));

  assert.ok(error instanceof OpenAI.APIConnectionTimeoutError, String(error));
  assert.ok(served.includes((await create(client, request)).outcome));
  assert.equal((await create(client, request)).outcome, 'HIT');
  assert.equal(await upstreamCalls(), 1);
});

test('after an abort the rest of the stream is there all the same', async () => {
  const request = asking('Tell a long story.');
  const headers = { 'x-mock-gap-ms': '15' };
  const beginning = [];
  const chunks = await client.chat.completions.create({ ...request, stream: true }, { headers });
  for await (const chunk of chunks) {
    beginning.push(chunk);
    if (beginning.length === 3) break;  // the SDK aborts the request when the loop is left
  }

  const whole = await stream(client, request);
  assert.ok(served.includes(whole.outcome), whole.outcome);
  assert.deepEqual(whole.chunks.slice(0, 3), beginning);
  assert.equal(whole.finish, 'stop');
  assert.equal((await stream(client, request)).outcome, 'HIT');
  assert.equal(await upstreamCalls(), 1);
});

test('only-if-cached asks once and gets 504', async () => {
  let requests = 0;
  const counting = gateway.client({
    maxRetries: 2,
    fetch: (...args) => {
      requests += 1;
      return fetch(...args);
    },
  });
  const headers = { 'Cache-Control': 'only-if-cached' };
  const error = await rejection(counting.chat.completions.create(asking('Never asked before.'), { headers }));

  assert.equal(error.status, 504);
  assert.equal(error.headers.get('x-should-retry'), 'false');
  assert.equal(requests, 1);
  assert.equal(await upstreamCalls(), 0);
});
