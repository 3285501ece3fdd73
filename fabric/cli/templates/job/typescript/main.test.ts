/** Tests of the job: npm test */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const program = new URL('main.ts', import.meta.url);

function ran(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program.pathname, ...parameters], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('prints its payload', () => {
  const { status, stdout } = ran('{"payload": {"text": "hello"}}');
  assert.deepEqual([status, stdout], [0, 'Received: {"text":"hello"}\n']);
});

test('takes the last argument', () => {
  assert.equal(ran('--verbose', '{"payload": "a text"}').stdout, 'Received: "a text"\n');
});

test('refuses what is no message', () => {
  for (const parameters of [[], ['no JSON'], ['[]']]) {
    const { status, stderr } = ran(...parameters);
    assert.equal(status, 2);
    assert.match(stderr, /Error: /);
  }
});
