/** What counts as a difference between two stories. */
import { describe, expect, test } from 'vitest';
import { compare } from './compare.ts';
import type { Moment } from './moment.ts';

const moment = (atMs: number, text: string, times: Moment['times'] = {}): Moment => ({ atMs, text, times });
const LASTS_MS = 60_000;

describe('two stories', () => {
  test('of the same moments a little apart do not differ', () => {
    const real = { 'job/work': [moment(300, 'active 1'), moment(12_900, 'active 0', { completionTime: 12_000 })] };
    const simulated = { 'job/work': [moment(0, 'active 1'), moment(11_000, 'active 0', { completionTime: 11_000 })] };
    expect(compare(real, simulated, LASTS_MS)).toEqual([]);
  });

  test('differ by what one of them alone tells', () => {
    const real = { 'job/work': [moment(0, 'one'), moment(10, 'two'), moment(20, 'three')] };
    const simulated = { 'job/work': [moment(0, 'one'), moment(20, 'three')], 'pod/work': [moment(5, 'created')] };
    expect(compare(real, simulated, LASTS_MS)).toEqual([
      { line: 'job/work', kind: 'only real', text: '0.0s two' },
      { line: 'pod/work', kind: 'only simulated', text: '0.0s created' },
    ]);
  });

  test('differ by order', () => {
    const real = { events: [moment(0, 'one'), moment(10, 'two')] };
    const simulated = { events: [moment(0, 'two'), moment(10, 'one')] };
    expect(compare(real, simulated, LASTS_MS)).toHaveLength(2);
  });

  test('do not differ by what comes when the time is nearly over', () => {
    const real = { 'job/work': [moment(LASTS_MS + 10, 'late')] };
    expect(compare(real, {}, LASTS_MS)).toEqual([]);
  });

  test('differ when the real one waited longer for no reason', () => {
    const real = { 'job/work': [moment(0, 'failed'), moment(10_000, 'again')] };
    const simulated = { 'job/work': [moment(0, 'failed'), moment(1_000, 'again')] };
    expect(compare(real, simulated, LASTS_MS)).toHaveLength(1);
    expect(compare(simulated, real, LASTS_MS)).toHaveLength(1);
  });

  test('may be late step by step, as a busy machine is', () => {
    const real = { a: [moment(4_000, 'made')], b: [moment(8_000, 'started')], c: [moment(11_000, 'seen')] };
    const simulated = { a: [moment(0, 'made')], b: [moment(100, 'started')], c: [moment(1_000, 'seen')] };
    expect(compare(real, simulated, LASTS_MS)).toEqual([]);
  });

  test('differ by a time that is written in one alone', () => {
    const real = { 'job/work': [moment(0, 'Complete', { completionTime: 0 })] };
    const simulated = { 'job/work': [moment(0, 'Complete')] };
    expect(compare(real, simulated, LASTS_MS)).toHaveLength(1);
  });
});
