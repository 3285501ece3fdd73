/** kubectl at a real cluster and at the simulated one, in CI wherever the programs are. */
import { describe, expect, test } from 'vitest';
import { readRecord } from '../record.ts';
import { kubectl } from './suite.ts';

const DEADLINE_MS = 900_000;
const missing = kubectl.missing(process.env);
if (missing !== undefined) process.stdout.write(`${missing}\n`);

describe.skipIf(missing !== undefined)('the real kubectl at the simulated cluster beside a real one', () => {
  test(
    'has no unexplained difference, and none that is new',
    async () => {
      const run = await kubectl.run({ print: (line) => console.log(line) });
      expect(run.different).toEqual([]);
      expect(run.unused).toEqual([]);
      expect(run.record).toEqual(readRecord('kubectl'));
    },
    DEADLINE_MS,
  );
});
