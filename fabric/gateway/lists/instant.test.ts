import { expect, test } from 'vitest';
import { instantMs } from './instant.ts';

test.each([
  ['1700000000000', 1_700_000_000_000],
  ['2026-01-01', Date.UTC(2026, 0, 1)],
  ['2026-02', Date.UTC(2026, 1, 1)],
  ['2026-01-01T00:00Z', Date.UTC(2026, 0, 1)],
  ['2026-01-01T02:00:00.250+02:00', Date.UTC(2026, 0, 1) + 250],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
])('%s is an instant, whatever the zone of the machine', (text, ms) => {
  expect(instantMs(text)).toBe(ms);
});

test.each([
  '2026-01-01T00:00:00',
  '2026-01-01T00:00',
  '2026-01-01 00:00:00',
  '2026-01-01T00:00:00 ',
  '2026-02-30',
  '2026-04-31T00:00:00Z',
  '2026-13-01',
  '2026-01-01T25:00:00Z',
  'now',
  'Thu, 01 Jan 2026 00:00:00',
  '',
])('"%s" is none', (text) => {
  expect(instantMs(text)).toBeUndefined();
});
