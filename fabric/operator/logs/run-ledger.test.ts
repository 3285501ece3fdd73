/** The ledger of a run: attempts together, gaps named once, nothing complete by assumption. */
import { expect, test } from 'vitest';
import { type AttemptLedger, parseAttempts, runLedger } from './run-ledger.ts';

const attempt = (pod: string, lines: number, more: Partial<AttemptLedger> = {}): AttemptLedger => ({
  key: 'k',
  pod,
  podUid: pod,
  lines,
  bytes: lines * 10,
  complete: true,
  missing: [],
  ...more,
});

test('a run whose attempts are complete is complete, with the counts of the whole log', () => {
  expect(runLedger('k', [attempt('a', 3), attempt('b', 5)])).toEqual({
    key: 'k',
    lines: 5,
    bytes: 50,
    complete: true,
    missing: [],
  });
});

test('one gap is enough, and one that several attempts name is named once', () => {
  const gap = { afterLine: 3, reason: 'rotated' };
  const attempts = [
    attempt('a', 3, { complete: false, missing: [gap] }),
    attempt('b', 5, { complete: false, missing: [gap] }),
  ];
  expect(runLedger('k', attempts)).toMatchObject({ complete: false, missing: [gap] });
});

test('a lost pod makes a complete log incomplete', () => {
  const lost = { afterLine: 3, reason: 'log lost' };
  expect(runLedger('k', [attempt('a', 3)], [lost])).toMatchObject({ complete: false, missing: [lost] });
});

test('a run without any log is complete and empty', () => {
  expect(runLedger('k', [])).toEqual({ key: 'k', lines: 0, bytes: 0, complete: true, missing: [] });
});

test.each([undefined, '', 'x', '{}', '[1, null, {}]'])('the annotation %j holds no attempts', (text) => {
  expect(parseAttempts(text)).toEqual([]);
});

test('attempts survive the annotation', () => {
  expect(parseAttempts(JSON.stringify([attempt('a', 3)]))).toEqual([attempt('a', 3)]);
});
