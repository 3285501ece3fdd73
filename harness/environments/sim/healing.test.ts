/**
 * Nothing waits without end for what a fault has spoilt: hours after it was healed a cluster stands as if it had never
 * been. A conflict says that somebody else has written, a refusal that the server is busy, a lost answer that nobody
 * knows; only what is read after that says more.
 */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { ApiFault } from '../../../simulator/apiserver/faults/fault.ts';
import { endingAfter, type Outage } from './healing.fixture.ts';
import { outage } from './outages.fixture.ts';

const hours = 7;
const lives = 6;
/** A life takes seconds, on a machine that does much else many of them. */
const timeoutMs = 600_000;
vi.setConfig({ testTimeout: timeoutMs });
const seed = 1;

const during = (wanted: ApiFault): Outage => ({ fault: wanted, fromSeconds: 40, forSeconds: 120 });

describe('after a fault was healed', () => {
  const undisturbed = endingAfter(hours, seed);

  test.each<[string, Outage]>([
    ['of the node: its pods go', during({ kind: 'write-conflicts', probability: 1, caller: 'node-1' })],
    ['of the operator: its Tasks and Jobs go', during({ kind: 'write-conflicts', probability: 1, caller: 'operator' })],
  ])('all is as without it: conflicts %s', async (_what, wanted) => {
    expect(await endingAfter(hours, seed, wanted)).toEqual(await undisturbed);
  });

  test('all is as without it, whatever it was, whomever it hit, whenever it came', async () => {
    const expected = await undisturbed;
    await fc.assert(
      fc.asyncProperty(outage, async (drawn) => {
        expect(await endingAfter(hours, seed, drawn)).toEqual(expected);
      }),
      { numRuns: Number(process.env.ORRERY_LIVES ?? lives), endOnFailure: true },
    );
  });
});
