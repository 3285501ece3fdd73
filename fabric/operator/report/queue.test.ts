/**
 * The report queue against a gateway that fails at will: no end state lost, no run's order turned, the rate kept.
 * Virtual time, so that an hour of retries takes a moment.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { isTerminal, rankOf } from '../../task/state.ts';
import type { RunState } from '../run/outcome.ts';
import type { TaskRecord } from '../run/record.ts';
import { ReportRefusedError } from './post.ts';
import { ReportQueue, type ReportQueueOptions } from './queue.ts';

const startAt = Date.UTC(2026, 0, 1);

function record(uid: string, state: RunState, more: Partial<TaskRecord> = {}): TaskRecord {
  return {
    uid,
    sequence: 0,
    name: uid,
    namespace: 'default',
    jobName: uid,
    projectId: 'p',
    skillName: 's',
    actionName: 'a',
    scheduled: false,
    jobType: 'onetime',
    state,
    status: state,
    statusReason: '',
    updatedAt: 0,
    spec: { projectId: 'p', skillName: 's', actionName: 'a', image: 'i' },
    skippedStates: 0,
    ...more,
  };
}

/** A queue whose posts take 50 ms and fail when `answer` says so. */
function rig(
  answer: (attempt: number, record: TaskRecord) => Error | undefined,
  options: Partial<ReportQueueOptions> = {},
) {
  const simulation = new Simulation({ seed: 7, startAt });
  const world = simulation.process('operator');
  const attempts: { at: number; record: TaskRecord }[] = [];
  const arrived: TaskRecord[] = [];
  const open = { now: 0, most: 0 };
  const queue = new ReportQueue({
    world,
    onDelivered: () => {},
    post: async (each, signal) => {
      attempts.push({ at: world.clock.now(), record: each });
      open.now += 1;
      open.most = Math.max(open.most, open.now);
      try {
        await world.clock.sleep(50, signal);
        const error = answer(attempts.length, each);
        if (error) throw error;
        arrived.push(each);
      } finally {
        open.now -= 1;
      }
    },
    ...options,
  });
  return { simulation, queue, attempts, arrived, open };
}

const states = (records: readonly TaskRecord[], uid: string) =>
  records.filter((each) => each.uid === uid).map(({ state }) => state);

describe('the report queue', () => {
  test('brings each state of a run in order when nothing hinders it', async () => {
    const { simulation, queue, arrived } = rig(() => undefined);
    for (const state of ['QUEUED', 'ACTIVE', 'COMPLETE'] as const) {
      queue.offer(record('a', state), 'SUBMITTED');
      await simulation.advance(1_000);
    }
    expect(states(arrived, 'a')).toEqual(['QUEUED', 'ACTIVE', 'COMPLETE']);
    expect(arrived.map(({ skippedStates }) => skippedStates)).toEqual([0, 0, 0]);
    expect(queue.size).toBe(0);
  });

  test('keeps one entry a run, the newest, and counts the states that were skipped', async () => {
    const { simulation, queue, arrived } = rig((attempt) => (attempt === 1 ? new Error('down') : undefined));
    queue.offer(record('a', 'QUEUED'), 'SUBMITTED');
    await simulation.advance(100);
    queue.offer(record('a', 'ACTIVE'));
    queue.offer(record('a', 'COMPLETE'));
    expect(queue.size).toBe(1);
    await simulation.advance(5_000);
    expect(states(arrived, 'a')).toEqual(['COMPLETE']);
    expect(arrived[0]?.skippedStates).toBe(2);
  });

  test('counts nothing as skipped that an earlier operator may have reported', async () => {
    const { simulation, queue, arrived } = rig(() => undefined);
    queue.offer(record('a', 'COMPLETE'));
    await simulation.advance(1_000);
    expect(arrived[0]?.skippedStates).toBe(0);
  });

  test('takes no state back, and a later word about the same end', async () => {
    const { simulation, queue, arrived } = rig(() => undefined);
    queue.offer(record('a', 'COMPLETE'));
    await simulation.advance(1_000);
    queue.offer(record('a', 'ACTIVE'));
    queue.offer(record('a', 'COMPLETE', { statusReason: 'with its log' }));
    await simulation.advance(1_000);
    expect(arrived.map(({ statusReason }) => statusReason)).toEqual(['', 'with its log']);
    expect((arrived[1]?.sequence ?? 0) > (arrived[0]?.sequence ?? 0)).toBe(true);
  });

  test('posts evenly, no more a second than allowed and no more at once', async () => {
    const { simulation, queue, attempts, open } = rig(() => undefined, { requestsPerSecond: 40, concurrency: 2 });
    for (let index = 0; index < 100; index += 1) queue.offer(record(`run-${index}`, 'COMPLETE'));
    await simulation.advance(10_000);
    expect(attempts).toHaveLength(100);
    expect(open.most).toBe(2);
    for (const { at } of attempts) {
      expect(attempts.filter((other) => other.at >= at && other.at < at + 1000).length).toBeLessThanOrEqual(40);
    }
  });

  test('retries with growing pauses up to the maximum, for ever', async () => {
    const { simulation, queue, attempts, arrived } = rig(() => new Error('down'), {
      baseDelayMs: 1_000,
      maximumDelayMs: 60_000,
    });
    queue.offer(record('a', 'COMPLETE'));
    await simulation.advance(3_600_000);
    const pauses = attempts.slice(1).map(({ at }, index) => at - (attempts[index]?.at ?? 0) - 50);
    for (const [index, pause] of pauses.entries()) {
      const most = Math.min(1_000 * 2 ** index, 60_000);
      expect(pause).toBeGreaterThanOrEqual(most / 2);
      expect(pause).toBeLessThanOrEqual(most + 1);
    }
    expect(pauses.length).toBeGreaterThan(55);
    expect(arrived).toEqual([]);
  });

  test('waits as long as the gateway asks', async () => {
    const refusal = new ReportRefusedError('', 429, '', 20_000);
    const { simulation, queue, attempts } = rig((attempt) => (attempt === 1 ? refusal : undefined));
    queue.offer(record('a', 'COMPLETE'));
    await simulation.advance(60_000);
    expect((attempts[1]?.at ?? 0) - (attempts[0]?.at ?? 0)).toBe(20_050);
  });

  test.each([400, 405, 409, 410, 413, 415, 422])('gives up what is refused with %i, and counts it', async (status) => {
    const refusal = new ReportRefusedError('', status, 'no', undefined);
    const refused: TaskRecord[] = [];
    const onRefused = (each: TaskRecord) => void refused.push(each);
    const { simulation, queue, attempts, arrived } = rig(
      (_, each) => (each.uid === 'a' && each.state === 'ACTIVE' ? refusal : undefined),
      { onRefused },
    );
    queue.offer(record('a', 'ACTIVE'));
    queue.offer(record('b', 'ACTIVE'));
    await simulation.advance(3_600_000);
    expect(attempts).toHaveLength(2);
    expect(queue.size).toBe(0);
    expect(queue.refusals).toBe(1);
    expect(refused.map(({ uid }) => uid)).toEqual(['a']);
    expect(queue.refused('a')).toMatchObject({ state: 'ACTIVE' });
    expect(queue.delivered('a')).toBeUndefined();
    queue.offer(record('a', 'COMPLETE'));
    await simulation.advance(1_000);
    expect(states(arrived, 'a')).toEqual(['COMPLETE']);
  });

  test('brings what has come while an earlier record was refused', async () => {
    const refusal = new ReportRefusedError('', 400, 'no', undefined);
    const { simulation, queue, arrived } = rig((attempt) => (attempt === 1 ? refusal : undefined));
    queue.offer(record('a', 'ACTIVE'));
    await simulation.advance(10);
    queue.offer(record('a', 'COMPLETE'));
    await simulation.advance(1_000);
    expect(states(arrived, 'a')).toEqual(['COMPLETE']);
  });

  test.each([401, 403, 404, 408, 429, 500, 502, 503])('retries after %i', async (status) => {
    const refusal = new ReportRefusedError('', status, '', undefined);
    const { simulation, queue, arrived } = rig((attempt) => (attempt < 4 ? refusal : undefined));
    queue.offer(record('a', 'COMPLETE'));
    await simulation.advance(60_000);
    expect(states(arrived, 'a')).toEqual(['COMPLETE']);
    expect(queue.refusals).toBe(0);
  });

  test('whatever fails and whenever records come, ends arrive and order holds', async () => {
    const step = fc.record({
      run: fc.nat(3),
      state: fc.constantFrom<RunState>('QUEUED', 'ACTIVE', 'COMPLETE', 'FAILED', 'CANCELLED'),
      pauseMs: fc.nat(3_000),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        async (steps, failures) => {
          const { simulation, queue, arrived } = rig((attempt) =>
            failures[attempt - 1] ? new Error('down') : undefined,
          );
          const firstEnd = new Map<string, RunState>();
          for (const { run, state, pauseMs } of steps) {
            const uid = `run-${run}`;
            // A run ends once: later ends are repeats of the first.
            const told = firstEnd.get(uid) ?? state;
            if (isTerminal(told)) firstEnd.set(uid, told);
            queue.offer(record(uid, told));
            await simulation.advance(pauseMs);
          }
          await simulation.advance(3_600_000);
          for (const uid of new Set(arrived.map((each) => each.uid))) {
            const ranks = states(arrived, uid).map(rankOf);
            expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
            const sequences = arrived.filter((each) => each.uid === uid).map(({ sequence }) => sequence);
            expect(new Set(sequences).size).toBe(sequences.length);
          }
          for (const [uid, end] of firstEnd) expect(states(arrived, uid).at(-1)).toBe(end);
          expect(queue.size).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});
