/** Tests of the daemon: npm test */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { server } from './server.ts';

before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())));
after(() => server.close());

async function asked(path: string, body: string) {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body });
  return { status: answer.status, content: await answer.json() };
}

test('answers with its payload', async () => {
  assert.deepEqual(await asked('/invoke', '{"payload": {"n": 1}}'), { status: 200, content: { payload: { n: 1 } } });
});

test('refuses what is no message', async () => {
  for (const body of ['no JSON', '[]']) assert.equal((await asked('/invoke', body)).status, 400);
});

test('answers nowhere else', async () => {
  assert.equal((await asked('/elsewhere', '{}')).status, 404);
});
