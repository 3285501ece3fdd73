/** The comparison with the real controllers, in CI wherever their programs are. */
import { describe, expect, test } from 'vitest';
import { readRecord } from '../record.ts';
import { controllers } from './suite.ts';

const DEADLINE_MS = 1_200_000;
const missing = controllers.missing(process.env);
if (missing !== undefined) console.log(missing);

describe.skipIf(missing !== undefined)('the simulated controllers of Jobs and CronJobs beside the real ones', () => {
  test(
    'have no unexplained difference, and none that is new',
    async () => {
      const run = await controllers.run({ print: (line) => console.log(line) });
      expect(run.different).toEqual([]);
      expect(run.record).toEqual(readRecord('controllers'));
    },
    DEADLINE_MS,
  );
});
