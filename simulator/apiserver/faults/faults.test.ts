/**
 * Each fault against the controller that has not met it yet, and against a careful one, over the same seeds: the naive
 * one ends with something wrong, the careful one does not. Without faults both are right, so that it is the fault that
 * tells them apart.
 */
import { describe, expect, test } from 'vitest';
import { careful } from './careful.fixture.ts';
import type { ApiFault } from './fault.ts';
import {
  createOnEvent,
  ignoresRetryAfter,
  listOnceWatchForever,
  noRetryOnConflict,
  pollsTheServersCache,
  resumeWhateverComes,
  trustsTheCache,
  watchFromNow,
} from './naive.fixture.ts';
import { type Controller, playShop } from './shop.fixture.ts';

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const caller = 'controller';

interface Case {
  readonly title: string;
  readonly naive: Controller;
  readonly faults: readonly ApiFault[];
  /** Of the twenty seeds, so many at least go wrong for the naive one. */
  readonly broken?: number;
  /** The naive one's client. */
  readonly patience?: number;
}

const cut = (how: 'end' | 'reset' | 'expired' | 'error'): Case => ({
  title: `watches that are cut (${how}) lose who lists once and watches for ever`,
  naive: listOnceWatchForever,
  faults: [{ kind: 'watch-cut', caller, minimumMs: 0, maximumMs: 5000, how }],
});

const cases: readonly Case[] = [
  cut('end'),
  cut('reset'),
  cut('expired'),
  cut('error'),
  {
    title: 'watches that are cut hide deletions from who watches from now on',
    naive: watchFromNow,
    faults: [{ kind: 'watch-cut', caller, minimumMs: 100, maximumMs: 3000, how: 'reset' }],
  },
  {
    title: 'a version that is too old is never noticed by who resumes whatever comes',
    naive: resumeWhateverComes,
    faults: [{ kind: 'api-restart', downMs: 10_000 }],
  },
  {
    title: 'events that one watch never sees are lost to who does not list again',
    naive: listOnceWatchForever,
    faults: [{ kind: 'watch-events-lost', caller, probability: 0.3 }],
  },
  {
    title: 'events that come twice make two of what is created on an event',
    naive: createOnEvent,
    faults: [{ kind: 'watch-events-repeated', caller, probability: 0.3 }],
  },
  {
    title: 'answers that are lost after the commit make two of what has a generated name (reset)',
    naive: createOnEvent,
    faults: [{ kind: 'answers-lost', caller, verb: 'create', probability: 0.4, how: 'reset' }],
  },
  {
    title: 'answers that are lost after the commit make two of what has a generated name (timeout)',
    naive: createOnEvent,
    faults: [{ kind: 'answers-lost', caller, verb: 'create', probability: 0.4, how: 'timeout' }],
  },
  {
    title: 'answers that are lost after the commit make two of what has a generated name (error)',
    naive: createOnEvent,
    faults: [{ kind: 'answers-lost', caller, probability: 0.4, how: 'error' }],
  },
  {
    title: 'answers that never come make two of what has a generated name',
    naive: createOnEvent,
    faults: [{ kind: 'answers-lost', caller, verb: 'create', probability: 0.4, how: 'silence' }],
  },
  {
    title: 'slow watches make two for who trusts his cache right after a write',
    naive: trustsTheCache,
    faults: [{ kind: 'watch-lag', caller, minimumMs: 1000, maximumMs: 8000 }],
  },
  {
    title: 'stale lists make two for who looks into the server’s cache',
    naive: pollsTheServersCache,
    faults: [{ kind: 'stale-reads', caller, minimumMs: 0, maximumMs: 20_000 }],
  },
  {
    title: 'conflicts lose the change of who does not try again',
    naive: noRetryOnConflict,
    faults: [{ kind: 'write-conflicts', caller, verb: 'update', probability: 0.9 }],
  },
  {
    title: 'a busy server loses the work of who ignores Retry-After',
    naive: ignoresRetryAfter,
    patience: 0,
    faults: [{ kind: 'requests-refused', caller, verb: 'write', status: 429, probability: 0.8, retryAfterSeconds: 2 }],
  },
  {
    title: 'errors of a server without a leader lose the work of who gives up',
    naive: noRetryOnConflict,
    faults: [{ kind: 'requests-refused', caller, verb: 'write', status: 500, probability: 0.4 }],
  },
];

const wrongOf = async (controller: Controller, seed: number, { faults, patience }: Pick<Case, 'faults' | 'patience'>) =>
  (await playShop({ controller, seed, faults, ...(patience === undefined ? {} : { patience }) })).wrong;

describe.each(cases)('$title', (each) => {
  test('the naive controller goes wrong', async () => {
    const results: string[][] = [];
    for (const seed of seeds) results.push([...(await wrongOf(each.naive, seed, each))]);
    expect(results.filter((wrong) => wrong.length > 0).length).toBeGreaterThanOrEqual(each.broken ?? 15);
  });

  test('without the fault it does not', async () => {
    const { patience } = each;
    for (const seed of seeds.slice(0, 5)) {
      const quiet = { faults: [], ...(patience === undefined ? {} : { patience }) };
      expect([seed, ...(await wrongOf(each.naive, seed, quiet))]).toEqual([seed]);
    }
  });

  test('the careful controller survives', async () => {
    for (const seed of seeds)
      expect([seed, ...(await wrongOf(careful, seed, { faults: each.faults }))]).toEqual([seed]);
  });
});

test('the careful controller survives all faults at once', async () => {
  const faults = cases.flatMap((each) => each.faults);
  for (const seed of seeds) expect([seed, ...(await wrongOf(careful, seed, { faults }))]).toEqual([seed]);
});
