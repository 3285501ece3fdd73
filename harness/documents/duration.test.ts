/** Durations as words, there and back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DurationError, durationMs, durationWords } from './duration.ts';

test.each([
  ['0ms', 0],
  ['250ms', 250],
  ['90s', 90_000],
  ['1.5s', 1500],
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['1d2h3m4s5ms', 93_784_005],
])('%s is %i ms', (words, milliseconds) => expect(durationMs(words)).toBe(milliseconds));

test.each(['', '5', 'm', '5 m', '-5m', '5m!', '1h 30m', '5M', '1e3s', '5.m'])('"%s" is no duration', (text) => {
  expect(() => durationMs(text)).toThrow(DurationError);
});

describe('words of a duration', () => {
  const whole = fc.oneof(
    fc.nat(999),
    fc.nat(10_000_000).map((seconds) => seconds * 1000),
  );
  test('mean the same duration again', () => {
    fc.assert(
      fc.property(whole, (milliseconds) => {
        expect(durationMs(durationWords(milliseconds))).toBe(milliseconds);
      }),
    );
  });
  test('of a second and more are true to half a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 10 ** 10 }), (milliseconds) => {
        expect(Math.abs(durationMs(durationWords(milliseconds)) - milliseconds)).toBeLessThanOrEqual(500);
      }),
    );
  });
  test('are the shortest', () => {
    expect(durationWords(5_400_000)).toBe('1h30m');
    expect(durationWords(86_400_000)).toBe('1d');
    expect(durationWords(59_999)).toBe('1m');
  });
});
