/** The paths of printer columns. */
import { describe, expect, test } from 'vitest';
import { firstValueAt } from './json-path.ts';

const object = {
  metadata: { annotations: { 'a.b/c': 'dotted' } },
  spec: { list: ['a', 'b', { name: 'c' }], zero: 0, no: false, nothing: null },
  status: {
    conditions: [
      { type: 'Other', status: 'False', code: 1 },
      { type: 'Ready', status: 'True', code: 7 },
    ],
  },
};

describe('firstValueAt', () => {
  test.each([
    ['.spec.zero', 0],
    ['.spec.no', false],
    ['.spec.nothing', undefined],
    ['.spec.missing.deeper', undefined],
    ['.spec.list[0]', 'a'],
    ['.spec.list[-1].name', 'c'],
    ['.spec.list[9]', undefined],
    ['.spec.list[*]', 'a'],
    ['.spec.list[1:]', 'b'],
    [".metadata.annotations['a\\.b/c']", 'dotted'],
    ['.metadata.annotations.a\\.b/c', 'dotted'],
    ['.status.conditions[?(@.type=="Ready")].status', 'True'],
    ["$.status.conditions[?(@.type=='Ready')].status", undefined],
    ['.status.conditions[?(@.code > 5)].type', 'Ready'],
    ['.status.conditions[?(@.type!="Other")].type', 'Ready'],
    ['.status.conditions[?(@.missing)].type', undefined],
    ['.spec.list[', undefined],
  ])('%s', (path, expected) => {
    expect(firstValueAt(path, object)).toBe(expected);
  });
});
