import { runInThisContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { type Guard, startGuard } from './guard.ts';

let guard: Guard | undefined;
afterEach(() => guard?.release());

/** Code of a third party, by its file name. */
function thirdParty(code: string): () => unknown {
  return runInThisContext(`(() => ${code})`, { filename: '/node_modules/careless/index.js' });
}

test.each(['Date.now()', 'new Date()', 'Math.random()', 'crypto.randomUUID()', 'performance.now()'])(
  'names the place that calls %s',
  (code) => {
    const call = thirdParty(code);
    guard = startGuard();
    call();
    call();
    expect(guard.violations).toEqual([
      `${code.replace(/(?<!Date)\(\)$/, '').replace('Date.now()', 'Date.now')} in /node_modules/careless/index.js:1`,
    ]);
  },
);

test('lets pure uses of dates alone', () => {
  const call = thirdParty('new Date(0).toISOString()');
  guard = startGuard();
  expect(call()).toBe('1970-01-01T00:00:00.000Z');
  expect(guard.violations).toEqual([]);
});

test('puts the globals back', () => {
  const { now } = Date;
  startGuard().release();
  expect(Date.now).toBe(now);
});
