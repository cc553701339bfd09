// Two hundred at a time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { asking, create, proofOf, startGateway, stream } from './support.mjs';

const many = 200;
let gateway;

before(async () => { gateway = await startGateway(); });
after(() => gateway.stop());

const atOnce = (ask) => Promise.all(Array.from({ length: many }, (_, number) => ask(number)));

for (const [form, question] of [['plain', create], ['streamed', stream]]) {
  test(`identical ${form} requests at once make one upstream call`, async () => {
    const client = gateway.client();
    const request = asking('All together now.');
    const callsBefore = await gateway.calls();
    const answers = await atOnce(() => question(client, request, { headers: { 'x-mock-latency-ms': '1000' } }));

    assert.equal(answers.filter(({ outcome }) => outcome === 'MISS').length, 1);
    for (const { outcome } of answers) assert.ok(['MISS', 'COALESCED', 'HIT'].includes(outcome), outcome);
    for (const answer of answers) {
      assert.deepEqual(answer.body ?? answer.chunks, answers[0].body ?? answers[0].chunks);
    }
    assert.equal((await gateway.calls()) - callsBefore, 1);
  });
}

test('distinct requests at once get each its own answer', async () => {
  const client = gateway.client();
  const request = (number) => asking(`What is ${number} plus one?`);
  const callsBefore = await gateway.calls();
  const misses = await atOnce((number) => create(client, request(number)));
  const hits = await atOnce((number) => stream(client, request(number)));

  for (let number = 0; number < many; number += 1) {
    assert.equal(misses[number].outcome, 'MISS');
    assert.equal(hits[number].outcome, 'HIT');
    assert.ok(misses[number].completion.choices[0].message.content.includes(proofOf(request(number))));
    assert.ok(hits[number].text.includes(proofOf(request(number))));
  }
  assert.equal((await gateway.calls()) - callsBefore, many);
});
