import { expect, test } from 'vitest';
import type { Clock } from '../../../world/clock.ts';
import { Expectations } from './expectations.ts';

test('an expectation holds until all has been seen, or five minutes have passed', () => {
  let now = 0;
  const expectations = new Expectations({ now: () => now } as Clock);
  expect(expectations.met('job')).toBe(true);
  expectations.expect('job', 2, 0);
  expectations.creationSeen('job');
  expect(expectations.met('job')).toBe(false);
  expectations.creationSeen('job');
  expect(expectations.met('job')).toBe(true);
  expectations.expect('job', 0, 1);
  now = 300_000;
  expect(expectations.met('job')).toBe(false);
  now += 1;
  expect(expectations.met('job')).toBe(true);
});
