/** The gateway's rule for names, and label values that stay apart. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRunName, labelValue, nameFault, runName, taskNameFor } from './names.ts';

describe("the gateway's name for a Task", () => {
  test.each([
    ['proj1', 'hubble_hourly', 'proj1-hubble-hourly'],
    ['Proj1', 'cortex/My_Agent', 'proj1-cortex-my-agent'],
    ['proj1', '--a  b--', 'proj1-a-b'],
  ])('%s and %s give %s', (project, name, expected) => {
    expect(taskNameFor(project, name)).toBe(expected);
  });

  test('is one that the mapping takes for a schedule, whatever the names are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(nameFault(taskNameFor('proj1', name), true)).toBeUndefined();
      }),
    );
  });

  test('is hashed only past the limit, and then differs for names with the same beginning', () => {
    const long = 'x'.repeat(60);
    expect(taskNameFor('p', 'x'.repeat(50))).toBe(`p-${'x'.repeat(50)}`);
    expect(taskNameFor('p', `${long}a`)).toHaveLength(52);
    expect(taskNameFor('p', `${long}a`)).not.toBe(taskNameFor('p', `${long}b`));
  });
});

test('the names of runs are known, and dates are not taken for them', () => {
  expect(runName('proj1-report', Date.UTC(2026, 0, 1, 0, 5))).toBe('proj1-report-29453765');
  expect(isRunName('proj1-report-29453765')).toBe(true);
  expect(isRunName('backup-20260101')).toBe(false);
  expect(isRunName('report-12345')).toBe(false);
});

test('label values are legal, and different texts keep different values', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
      expect(labelValue(one)).toMatch(/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/);
      expect(labelValue(one).length).toBeLessThanOrEqual(63);
      if (one !== other) expect(labelValue(one)).not.toBe(labelValue(other));
    }),
  );
});
