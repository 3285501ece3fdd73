import { expect, test } from 'vitest';
import { InstantError, instantMs } from './instant.ts';

test('an instant names its zone', () => {
  expect(instantMs('2026-01-01T01:00:00+01:00')).toBe(Date.UTC(2026, 0, 1));
  expect(instantMs('2026-01-01T00:00Z')).toBe(Date.UTC(2026, 0, 1));
});

test.each(['2026-01-01T00:00:00', '2026-01-01', 'tomorrow', '2026-13-01T00:00:00Z', ''])('"%s" is none', (text) => {
  expect(() => instantMs(text)).toThrow(InstantError);
});
