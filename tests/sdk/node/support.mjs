// A fake provider and a gateway for one test file, and the requests that the suite makes.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import OpenAI from 'openai';

const built = fileURLToPath(new URL('../../../build/release/refrain', import.meta.url));
const binary = process.env.REFRAIN_BINARY ?? built;
const startMilliseconds = 30_000;

/** `refrain <args>` in a home of its own; nothing of the person who runs the tests reaches it. */
async function start(home, args, settings = {}) {
  const folders = Object.fromEntries(
    ['DATA', 'STATE', 'CONFIG', 'CACHE'].map((name) => [`XDG_${name}_HOME`, path.join(home, name)]),
  );
  const child = spawn(binary, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', ...folders, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise((resolve, reject) => {
    const fail = (reason) => reject(new Error(`refrain ${args.join(' ')} ${reason}:\n${output}`));
    const limit = setTimeout(() => fail('did not start'), startMilliseconds);
    const read = (bytes) => {
      output += bytes;
      const match = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(output);
      if (match) {
        clearTimeout(limit);
        resolve(match[1]);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', fail);
    child.on('exit', (status) => fail(`ended with ${status}`));
  });
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * Starts both. `url` is the gateway's. `client()` makes a tenant of its own, whose cache is empty; `calls()` counts what
 * the provider saw.
 */
export async function startGateway() {
  const home = await mkdtemp(path.join(tmpdir(), 'refrain-sdk-'));
  const mock = await start(home, ['mock', '--listen', '127.0.0.1:0']);
  const gateway = await start(home, ['serve', '--listen', '127.0.0.1:0', '--admin-listen', 'off'], {
    OPENAI_BASE_URL: `${mock.url}/v1`,
    OPENAI_API_KEY: 'sk-lent',
    REFRAIN_UPSTREAM_OPENAI_ASK_USAGE: 'true',
    ANTHROPIC_BASE_URL: mock.url,
    ANTHROPIC_API_KEY: 'sk-ant-lent',
    ELEVENLABS_BASE_URL: mock.url,
    SARVAM_BASE_URL: mock.url,
    GEMINI_BASE_URL: mock.url,
    GEMINI_API_KEY: 'AIza-lent',
    OLLAMA_BASE_URL: mock.url,
  });
  let tenants = 0;
  return {
    url: gateway.url,
    client(options = {}) {
      tenants += 1;
      return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: `sk-tenant-${tenants}`, maxRetries: 0, ...options });
    },
    async calls() {
      const answer = await fetch(`${mock.url}/__mock/calls`);
      return (await answer.json()).calls;
    },
    async stop() {
      await gateway.stop();
      await mock.stop();
      await rm(home, { recursive: true });
    },
  };
}

/** A chat request with one user message. */
export const asking = (text, more = {}) => ({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: text }],
  ...more,
});

/** The text by which the fake provider shows which request it answered; for requests of strings and integers. */
export function proofOf({ stream, stream_options, ...request }) {
  const sorted = (value) => {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
  };
  const digest = createHash('sha256').update(JSON.stringify(sorted(request))).digest('hex');
  return `proof:${digest.slice(0, 16)}`;
}

const outcomeOf = (response) => response.headers.get('x-refrain-cache');

/** The outcome, the completion, and the very text of the body. */
export async function create(client, request, options = {}) {
  const response = await client.chat.completions.create(request, options).asResponse();
  const body = await response.text();
  return { outcome: outcomeOf(response), completion: JSON.parse(body), body };
}

/** A stream, read to its end. */
export async function stream(client, request, options = {}) {
  const { data, response } = await client.chat.completions.create({ ...request, stream: true }, options).withResponse();
  const chunks = [];
  for await (const chunk of data) chunks.push(chunk);
  return {
    outcome: outcomeOf(response),
    chunks,
    text: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''),
    finish: chunks.filter((chunk) => chunk.choices.length).at(-1)?.choices[0].finish_reason,
  };
}
