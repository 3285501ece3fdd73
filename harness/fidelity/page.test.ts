/** docs/fidelity.md is what the kept results say. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { page } from './page.ts';
import { type CaseRecord, readRecord, suiteNames } from './record.ts';

const one: CaseRecord = {
  topic: 'jobs',
  name: 'a Job',
  outcome: 'equal',
  subjects: ['jobs.batch', 'semantics 2.5'],
  why: [],
};

test('the page is the one that the kept results make', () => {
  const written = readFileSync(new URL('../../docs/fidelity.md', import.meta.url), 'utf8');
  expect(written).toBe(page(suiteNames.map(readRecord)));
});

test('an unexplained difference and a missing part show on the page, and say why', () => {
  const different: CaseRecord = { ...one, name: 'b', outcome: 'different' };
  const absent: CaseRecord = { ...one, name: 'c', outcome: 'not applicable', why: ['No webhooks.'] };
  const text = page([{ suite: 'exchanges', cases: [one, different, absent] }]);
  expect(text).toContain('- b (**unexplained**)');
  expect(text).toContain('- c (not there: No webhooks.)');
  expect(text).toContain('| semantics 2.5 | 3 | 1 | 0 | 1 | 1 |');
});
