import { describe, expect, it } from 'vitest';
import { goDurationSeconds, hasFormat } from './formats.ts';

describe('formats', () => {
  it('passes formats that the server does not know', () => {
    expect(hasFormat('anything', 'colour')).toBe(true);
  });

  it('reads Go durations', () => {
    expect(goDurationSeconds('1h30m')).toBe(5400);
    expect(goDurationSeconds('-1.5s')).toBe(-1.5);
    expect(goDurationSeconds('0')).toBe(0);
    expect(goDurationSeconds('5')).toBeUndefined();
    expect(goDurationSeconds('1h 30m')).toBeUndefined();
  });
});
