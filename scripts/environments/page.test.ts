import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { page } from './page.ts';
import { environmentNames, readRecord, recordOf, type WrittenReport } from './record.ts';

const report: WrittenReport = {
  startedAt: '2026-01-02T03:04:05.000Z',
  version: '0.1.0',
  realMs: 301_000,
  scenarios: [
    { name: 'b', verdict: { value: 'not here', because: 'kind has no virtual time' }, realMs: 1, virtualMs: 0 },
    { name: 'a', verdict: { value: 'true', because: '1' }, realMs: 61_000, virtualMs: 0 },
    { name: 'c', verdict: { value: 'false', because: 'two at once' }, realMs: 5_000, virtualMs: 7_300_000 },
  ],
};
const services = (at: string, upMs: number) => ({ services: { at, upMs } });
const deploying: WrittenReport = {
  ...report,
  scenarios: [
    { name: 'a', verdict: { value: 'true', because: '' }, realMs: 5000, virtualMs: 0, ...services('deployed', 31_000) },
    {
      name: 'b',
      verdict: { value: 'true', because: '' },
      realMs: 5000,
      virtualMs: 0,
      ...services('on the host: x', 900),
    },
    { name: 'c', verdict: { value: 'not here', because: 'no y' }, realMs: 0, virtualMs: 0 },
  ],
};
const record = recordOf('kind', report, { node: '24.0.0', kubernetes: 'v1.36.3' });

test('docs/environments.md is what the last runs came to: `npm run environments` writes it', () => {
  const held = readFileSync(new URL('../../docs/environments.md', import.meta.url), 'utf8');
  expect(held).toBe(page(environmentNames.flatMap((name) => readRecord(name) ?? [])));
});

test('where services are deployed, each cell says where they ran, and the summary how many and how soon', () => {
  const text = page([recordOf('kind', deploying, { node: '24.0.0', kubernetes: 'v1.36.3' })]);
  expect(text).toContain('| 2 | 0 | 1 | deployed for 1, all up after 31 s; on the host for 1 | 5 min 1 s |');
  expect(text).toContain('| a | true, 5 s, deployed |\n| b | true, 5 s, on the host: x |\n| c | – |');
});

test('a row a scenario, with verdict and time, and only what is true counts as passed', () => {
  const text = page([record]);
  expect(text).toContain('| `kind` | 2026-01-02 | 0.1.0 | 24.0.0 | v1.36.3 | 1 | 1 | 1 | on the host | 5 min 1 s |');
  expect(text).toContain('| a | true, 1 min 1 s |\n| b | – |\n| c | **false**, 2 h 1 min |');
});

test('each reason is told once, with the scenarios that it holds for', () => {
  expect(page([record])).toContain(
    '- `kind`, not here: kind has no virtual time (b)\n- `kind`, false: two at once (c)',
  );
});
