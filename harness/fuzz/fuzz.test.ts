/** Every route of every API bears whatever comes; `node scripts/fuzz/main.ts` sends ten thousand requests to each. */
import { describe, expect, test } from 'vitest';
import { fuzz, shownRequest } from './fuzz.ts';
import { targets } from './targets.ts';

const requests = 1_000;

describe.each(Object.keys(targets))('%s', (name) => {
  test.each([1, 2])('bears requests of the seed %i, and does its work', async (seed) => {
    const target = await targets[name]?.(seed);
    if (!target) throw new Error(`there is no target ${name}`);
    const { faults, statuses, succeeded } = await fuzz({ target, requests, seed });
    await target.end();
    expect(faults.map(({ number, request, what }) => `${number}: ${what}: ${shownRequest(request)}`)).toEqual([]);
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404]));
    expect(succeeded.size).toBeGreaterThan(5);
  });
});
