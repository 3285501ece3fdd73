/**
 * A sample of Kubernetes' own tests in CI, wherever its program is: those that take seconds. The rest is played by `npm
 * run fidelity -- conformance`.
 */
import { describe, expect, test } from 'vitest';
import { readRecord } from '../record.ts';
import { areaOf } from './areas.ts';
import { notApplicable } from './not-applicable.ts';
import { listTests } from './program.ts';
import { missingFor, playAgainstUp, programOf, recordOf } from './suite.ts';

const DEADLINE_MS = 600_000;
const missing = missingFor(process.env);
if (missing !== undefined) console.log(missing);

const sample = [
  '[sig-api-machinery] Discovery should validate PreferredVersion for each APIGroup [Conformance]',
  '[sig-api-machinery] FieldValidation should create/apply a valid CR for CRD with validation schema [Conformance]',
  '[sig-api-machinery] Watchers should be able to start watching from a specific resource version [Conformance]',
  '[sig-api-machinery] Watchers should receive events on concurrent watches in same order [Conformance]',
  '[sig-api-machinery] server version should find the server version [Conformance]',
  '[sig-apps] CronJob should support CronJob API operations [Conformance]',
  '[sig-apps] Job should delete a job [Conformance]',
  '[sig-apps] Job should run a job to completion when tasks sometimes fail and are locally restarted [Conformance]',
  '[sig-apps] Job should terminate job execution when the number of failed indexes exceeds maxFailedIndexes [Conformance]',
  '[sig-apps] Job with successPolicy should succeeded when all indexes succeeded [Conformance]',
];

test('every reason for not playing a test is of an area that exists', () => {
  for (const { topic } of notApplicable) expect(areaOf(`[sig-x] ${topic} should`).topic).toBe(topic);
});

describe.skipIf(missing !== undefined)('Kubernetes’ own tests', () => {
  test(
    'are those of the kept results: 19 of Job and CronJob, 99 of API machinery',
    async () => {
      const names = await listTests(programOf(process.env));
      expect(names.filter((name) => name.startsWith('[sig-apps]'))).toHaveLength(19);
      expect(names.filter((name) => name.startsWith('[sig-api-machinery]'))).toHaveLength(99);
      const kept = readRecord('conformance').cases.map(({ name }) => name);
      expect(kept.sort()).toEqual(names);
    },
    DEADLINE_MS,
  );

  test(
    'that take seconds end as the kept results say',
    async () => {
      const played = await playAgainstUp(sample, { program: programOf(process.env), print: () => undefined });
      expect(played.filter(({ passed }) => !passed)).toEqual([]);
      const kept = new Map(readRecord('conformance').cases.map((each) => [each.name, each]));
      expect(played.map((each) => recordOf(each.name, each))).toEqual(sample.map((name) => kept.get(name)));
    },
    DEADLINE_MS,
  );
});
