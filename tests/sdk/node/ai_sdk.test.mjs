// The AI SDK with its OpenAI and Anthropic providers: what it generates twice, plain or streamed, is asked for once.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { embedMany, generateText, isStepCount, jsonSchema, streamText, tool } from 'ai';

import { startGateway } from './support.mjs';

let gateway;
let openai;
let anthropic;
let tenants = 0;
let callsBefore;
const upstreamCalls = async () => (await gateway.calls()) - callsBefore;

before(async () => { gateway = await startGateway(); });
after(() => gateway.stop());
beforeEach(async () => {
  tenants += 1;
  const apiKey = `sk-ai-tenant-${tenants}`;
  openai = createOpenAI({ baseURL: `${gateway.url}/v1`, apiKey });
  anthropic = createAnthropic({ baseURL: `${gateway.url}/anthropic/v1`, apiKey });
  callsBefore = await gateway.calls();
});

const models = {
  'responses, the default': () => openai('gpt-4o-mini'),
  'chat completions': () => openai.chat('gpt-4o-mini'),
  'Anthropic messages': () => anthropic('claude-sonnet-5-5'),
};

const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const weather = tool({
  description: 'The weather in a city, now.', inputSchema: jsonSchema(city), execute: async () => '31 °C, clear',
});

/** What an application reads of an answer: the text, why it ended, what it cost; and each step's id. */
const contentOf = ({ text, finishReason, usage, steps }) => ({
  text, finishReason, tokens: [usage.inputTokens, usage.outputTokens], ids: steps.map(({ response }) => response.id),
});
const outcomesOf = (steps) => steps.map(({ response }) => response.headers['x-refrain-cache']);

async function generate(request) {
  const answer = await generateText({ maxRetries: 0, ...request });
  return { outcomes: outcomesOf(answer.steps), content: contentOf(answer) };
}

async function stream(request) {
  const running = streamText({ maxRetries: 0, ...request });
  let text = '';
  for await (const piece of running.textStream) text += piece;
  const [finishReason, usage, steps] = [await running.finishReason, await running.usage, await running.steps];
  return { outcomes: outcomesOf(steps), content: contentOf({ text, finishReason, usage, steps }) };
}

for (const [name, model] of Object.entries(models)) {
  for (const ask of [generate, stream]) {
    test(`${name}: the same ${ask.name} again is an equal hit`, async () => {
      const request = { model: model(), system: 'Be brief.', prompt: 'Name a colour.' };
      const first = await ask(request);
      const second = await ask(request);

      assert.deepEqual([first.outcomes, second.outcomes], [['MISS'], ['HIT']]);
      assert.deepEqual(second.content, first.content);
      assert.match(first.content.text, /proof:/);
      assert.equal(first.content.finishReason, 'stop');
      assert.ok(first.content.tokens.every((count) => count > 0));
      assert.equal(await upstreamCalls(), 1);
    });
  }

  for (const [first, second] of [[generate, stream], [stream, generate]]) {
    test(`${name}: ${first.name} serves ${second.name}`, async () => {
      const request = { model: model(), prompt: 'Name a river.' };
      const made = await first(request);
      const turned = await second(request);

      assert.deepEqual(turned.outcomes, ['HIT']);
      assert.deepEqual(turned.content, made.content);
      assert.equal(await upstreamCalls(), 1);
    });
  }

  for (const ask of [generate, stream]) {
    test(`${name}: both steps of a tool loop by ${ask.name} hit the second time`, async () => {
      const request = { model: model(), prompt: 'How is the weather in Pune?', tools: { weather }, stopWhen: isStepCount(4) };
      const first = await ask(request);
      const second = await ask(request);

      assert.deepEqual([first.outcomes, second.outcomes], [['MISS', 'MISS'], ['HIT', 'HIT']]);
      assert.deepEqual(second.content, first.content);
      assert.equal(await upstreamCalls(), 2);
    });
  }
}

// A follow-up turn of the default provider names the answer before it by id, an `item_reference`, instead of repeating it.
test('a second turn of a conversation is a hit too', async () => {
  const turns = async () => {
    const messages = [{ role: 'user', content: 'Name a tree.' }];
    const first = await generateText({ model: openai('gpt-4o-mini'), messages, maxRetries: 0 });
    messages.push(...first.response.messages, { role: 'user', content: 'Another.' });
    return [first.text, await generate({ model: openai('gpt-4o-mini'), messages })];
  };
  const [firstText, first] = await turns();
  const [secondText, second] = await turns();

  assert.deepEqual([first.outcomes, second.outcomes], [['MISS'], ['HIT']]);
  assert.equal(secondText, firstText);
  assert.deepEqual(second.content, first.content);
  assert.equal(await upstreamCalls(), 2);
});

test('each text is embedded once', async () => {
  const embed = async (...values) => {
    const model = openai.embedding('text-embedding-3-small');
    return (await embedMany({ model, values, maxRetries: 0 })).embeddings;
  };
  const vectors = await embed('a', 'b');
  const more = await embed('c', 'b', 'a');

  assert.deepEqual(await embed('a', 'b'), vectors);
  assert.deepEqual(more.slice(1), vectors.toReversed());
  assert.equal(await upstreamCalls(), 2);
});
