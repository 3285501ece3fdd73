/** The comparison with a real API server, in CI wherever its programs are. */
import { describe, expect, test } from 'vitest';
import { readRecord } from '../record.ts';
import { exchanges } from './suite.ts';

const DEADLINE_MS = 300_000;
const missing = exchanges.missing(process.env);
if (missing !== undefined) console.log(missing);

describe.skipIf(missing !== undefined)('the simulated API server beside a real one', () => {
  test(
    'has no unexplained difference, and none that is new',
    async () => {
      const run = await exchanges.run({ print: (line) => console.log(line) });
      expect(run.different).toEqual([]);
      expect(run.unused).toEqual([]);
      expect(run.record).toEqual(readRecord('exchanges'));
    },
    DEADLINE_MS,
  );
});
