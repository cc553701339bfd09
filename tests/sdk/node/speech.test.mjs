// Speech: what is asked twice is made once, and both get the same bytes.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { ElevenLabsClient, ElevenLabsError } from '@elevenlabs/elevenlabs-js';
import OpenAI from 'openai';
import { SarvamAIClient, SarvamAIError } from 'sarvamai';

import { startGateway } from './support.mjs';

const text = 'Hello there, friend.';
const once = { maxRetries: 0 };

let gateway;
let tenants = 0;
let eleven;
let sarvam;
let openai;
let callsBefore;
const upstreamCalls = async () => (await gateway.calls()) - callsBefore;

before(async () => { gateway = await startGateway(); });
after(() => gateway.stop());
beforeEach(async () => {
  tenants += 1;
  const url = `${gateway.url}/sarvam`;
  eleven = new ElevenLabsClient({ baseUrl: `${gateway.url}/elevenlabs`, apiKey: `xi-tenant-${tenants}` });
  sarvam = new SarvamAIClient({
    apiSubscriptionKey: `sarvam-tenant-${tenants}`,
    environment: { base: url, creative: url, production: url },
  });
  openai = gateway.client();
  callsBefore = await gateway.calls();
});

/** The whole of a stream of bytes. */
async function bytesOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The bytes of a clip in a raw ElevenLabs answer, and what the gateway says of it. */
async function clipOf(promise) {
  const { data, rawResponse } = await promise.withRawResponse();
  return {
    audio: await bytesOf(data),
    outcome: rawResponse.headers.get('x-refrain-cache'),
    detail: rawResponse.headers.get('cache-status'),
  };
}

test('ElevenLabs makes a clip once, though its client asks for no cache', async () => {
  const request = { text, modelId: 'eleven_flash_v2_5', outputFormat: 'pcm_24000' };
  const first = await clipOf(eleven.textToSpeech.convert('Rachel', request));
  const second = await clipOf(eleven.textToSpeech.convert('Rachel', request));
  const stream = await clipOf(eleven.textToSpeech.stream('Rachel', request));

  assert.deepEqual([first.outcome, second.outcome, stream.outcome], ['MISS', 'HIT', 'HIT']);
  assert.match(second.detail, /fetch-no-store-ignored/);
  assert.ok(first.audio.includes('proof:'));
  assert.ok(second.audio.equals(first.audio));
  assert.ok(stream.audio.equals(first.audio));
  assert.equal(await upstreamCalls(), 1);
});

test('ElevenLabs serves all four ways from one answer with times', async () => {
  const request = { text, modelId: 'eleven_flash_v2_5' };
  const pieces = [];
  for await (const piece of await eleven.textToSpeech.streamWithTimestamps('Rachel', request)) pieces.push(piece);
  const timed = await eleven.textToSpeech.convertWithTimestamps('Rachel', request);
  const plain = await bytesOf(await eleven.textToSpeech.convert('Rachel', request));

  const joined = Buffer.concat(pieces.map(({ audioBase64 }) => Buffer.from(audioBase64, 'base64')));
  assert.equal(timed.alignment.characters.join(''), text);
  assert.ok(Buffer.from(timed.audioBase64, 'base64').equals(joined));
  assert.ok(plain.equals(joined));
  assert.equal(await upstreamCalls(), 1);
});

test('ElevenLabs errors keep their type and are not kept', async () => {
  const request = { text, modelId: 'eleven_flash_v2_5' };
  const refused = { ...once, headers: { 'x-mock-status': '429' } };
  await assert.rejects(eleven.textToSpeech.convert('Rachel', request, refused), (error) => {
    assert.ok(error instanceof ElevenLabsError);
    assert.equal(error.statusCode, 429);
    assert.ok(error.body.detail);
    return true;
  });
  assert.equal((await clipOf(eleven.textToSpeech.convert('Rachel', request))).outcome, 'MISS');
});

test('Sarvam makes a clip once, whichever name the language has', async () => {
  const request = { text, speaker: 'shubh', model: 'bulbul:v3' };
  const first = await sarvam.textToSpeech.convert({ ...request, language_code: 'hi-IN' });
  const second = await sarvam.textToSpeech.convert({ ...request, language_code: 'hi-IN' });
  const older = await fetch(`${gateway.url}/sarvam/text-to-speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'api-subscription-key': `sarvam-tenant-${tenants}` },
    body: JSON.stringify({ ...request, text: undefined, inputs: [text], target_language_code: 'hi-IN' }),
  });

  assert.deepEqual(second, first);
  assert.deepEqual(await older.json(), first);
  assert.ok(Buffer.from(first.audios[0], 'base64').includes('proof:'));
  assert.equal(await upstreamCalls(), 1);
});

test('Sarvam streams a clip once', async () => {
  const request = { text, language_code: 'hi-IN', speaker: 'shubh', model: 'bulbul:v3' };
  const first = await bytesOf((await sarvam.textToSpeech.convertStream(request)).stream());
  const second = await bytesOf((await sarvam.textToSpeech.convertStream(request)).stream());

  assert.ok(first.length > 0 && second.equals(first));
  assert.equal(await upstreamCalls(), 1);
});

test('Sarvam errors keep their type and are not kept', async () => {
  const request = { text, language_code: 'hi-IN' };
  const refused = { ...once, headers: { 'x-mock-status': '429' } };
  await assert.rejects(sarvam.textToSpeech.convert(request, refused), (error) => {
    assert.ok(error instanceof SarvamAIError);
    assert.equal(error.statusCode, 429);
    return true;
  });
  assert.equal((await sarvam.textToSpeech.convert(request)).audios.length, 1);
  assert.equal(await upstreamCalls(), 2);
});

test('OpenAI makes a clip once for its audio and its events', async () => {
  const request = { model: 'gpt-4o-mini-tts', voice: 'alloy', input: text, response_format: 'wav' };
  const events = await (await openai.audio.speech.create({ ...request, stream_format: 'sse' })).text();
  const first = Buffer.from(await (await openai.audio.speech.create(request)).arrayBuffer());
  const second = Buffer.from(await (await openai.audio.speech.create(request)).arrayBuffer());

  const deltas = [...events.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data)).filter((one) => one.audio);
  assert.ok(Buffer.concat(deltas.map(({ audio }) => Buffer.from(audio, 'base64'))).equals(first));
  assert.ok(second.equals(first));
  assert.equal(await upstreamCalls(), 1);
  await assert.rejects(openai.audio.speech.create({ ...request, input: 'x' }, { headers: { 'x-mock-status': '429' } }),
                       OpenAI.RateLimitError);
});
