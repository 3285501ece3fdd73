/** Given, when, then: each verb does what it says, says what it does, and a sentence can be false or unknown. */

import { beforeEach, describe, expect, test } from 'vitest';
import { ApiStatusError } from '../../kubernetes/client.ts';
import { holds } from '../invariants/verdict.ts';
import { jobOf, recordOfJob, second, storedLog, taskOf } from '../recording/histories.fixture.ts';
import { ConditionNotMetError, InstantPassedError } from './errors.ts';
import { InstantError } from './instant.ts';
import { answerOf, type FakeStage, fakeStage, startAt } from './stage.fixture.ts';
import { equals } from './then.ts';

const task = { name: 'task', namespace: 'fabric' };
let stage: FakeStage;
beforeEach(() => {
  stage = fakeStage();
});

const said = () => stage.steps.steps.map(({ phase, text }) => `${phase} ${text}`);
const verdict = () => stage.then.judgements.at(-1)?.verdict.value;

describe('given', () => {
  test('a Task: the wish with what every Task needs, the script as its argument', async () => {
    await stage.given.task('hello', {
      script: 'print hi',
      schedule: '* * * * *',
      concurrencyPolicy: 'Forbid',
      payload: '{}',
    });
    const [[, namespace, object]] = stage.environment.calls as [[unknown, string, { spec: object; metadata: object }]];
    expect(namespace).toBe('fabric');
    expect(object.metadata).toEqual({ name: 'hello', namespace: 'fabric' });
    expect(object.spec).toMatchObject({ args: ['print hi'], projectId: 'proj1', schedule: '* * * * *', payload: '{}' });
    expect(object.spec).not.toHaveProperty('script');
    expect(said()).toEqual(['given a Task hello every "* * * * *" under Forbid that does "print hi" {"payload":"{}"}']);
  });

  test('a refusal is the API server’s message; an accepted Task has none; another error is no refusal', async () => {
    const refuse = (code: number, reason: string) => {
      Object.assign(stage.environment.kubernetes, {
        create: async () => Promise.reject(new ApiStatusError(code, { message: `${reason}!`, reason } as never)),
      });
    };
    expect(await stage.given.refusalOf('a', {})).toBeUndefined();
    refuse(422, 'Invalid');
    expect(await stage.given.refusalOf('a', {})).toBe('Invalid!');
    refuse(409, 'AlreadyExists');
    await expect(stage.given.refusalOf('a', {})).rejects.toThrow('AlreadyExists!');
  });
});

describe('when', () => {
  test('time passes, and reaches an instant', async () => {
    await stage.when.timePasses('90s');
    await stage.when.timeReaches('2026-01-01T01:00:00Z');
    expect(stage.environment.clock.now()).toBe(startAt + 3_600_000);
    expect(said()).toEqual(['when 90s pass', 'when it is 2026-01-01T01:00:00Z']);
  });

  test.each([
    ['2025-12-31T23:59:59Z', InstantPassedError],
    ['tomorrow', InstantError],
    ['2026-01-01T01:00:00', InstantError],
  ])('time cannot reach %s', async (instant, error) => {
    await expect(stage.when.timeReaches(instant)).rejects.toThrow(error);
  });

  test('a condition is waited for as long as it needs', async () => {
    stage.environment.onTime = (now) => {
      if (now === startAt + 5000) stage.recording.jobs.push(jobOf({ name: 'task-1', created: 5 }));
    };
    await stage.when.started(task, 1);
    expect(stage.environment.clock.now()).toBe(startAt + 5000);
  });

  test('a condition that does not come: its words, the deadline and the last state seen', async () => {
    stage.recording.jobs.push(jobOf({ name: 'task-1', created: 5 }));
    await expect(stage.when.started(task, 3, '30s')).rejects.toThrow(
      new ConditionNotMetError('task has started 3 runs', 30_000, '1 runs'),
    );
    const condition = { words: 'pigs fly', isMet: () => false };
    await expect(stage.when.until(condition, '1m')).rejects.toThrow(
      'timed out after 1m waiting until pigs fly; last seen: 1 Jobs, 0 Pods',
    );
  });

  test('recorded: waits for an end state, and says in which states the records are', async () => {
    stage.recording.records = [recordOfJob('task', { state: 'ACTIVE' })];
    await expect(stage.when.recorded(task, '5s')).rejects.toThrow('last seen: ACTIVE');
    stage.recording.records = [];
    await expect(stage.when.recorded(task, '5s')).rejects.toThrow('last seen: no record');
    stage.environment.onCollect = () => {
      stage.recording.records = [recordOfJob('task-1', { state: 'FAILED', scheduleName: 'task' })];
    };
    await stage.when.recorded(task, '5s');
  });

  test('called: asks again until the server answers, or says why it does not', async () => {
    let calls = 0;
    stage.environment.answer = () => {
      if (++calls < 3) throw new Error('refused');
      return answerOf(200, 'hello');
    };
    expect(await stage.when.called('http://pod', {}, '10s')).toBe('hello');
    stage.environment.answer = () => {
      throw new Error('refused');
    };
    await expect(stage.when.called('http://pod', {}, '10s')).rejects.toThrow('last seen: Error: refused');
  });

  test('suspends, resumes, changes, deletes; kills, starts, faults and heals', async () => {
    await stage.when.suspended(task);
    await stage.when.resumed(task);
    await stage.when.deleted(task);
    await stage.when.dies('gateway');
    await stage.when.comesBack('gateway');
    stage.when.diesAt('operator', 'write', () => true);
    stage.when.fault({ kind: 'partition', from: 'operator', to: 'kubernetes:443' })();
    stage.when.fault({ kind: 'api-restart', downMs: 1000 })();
    const patches = stage.environment.calls.filter(Array.isArray).map((call) => call[4]);
    expect(patches.slice(0, 2)).toEqual([{ spec: { suspend: true } }, { spec: { suspend: false } }]);
    expect(stage.environment.calls.slice(3)).toEqual([
      'kill gateway',
      'start gateway',
      'kill operator at a request',
      'heal',
      'heal',
    ]);
    expect(said().slice(5)).toEqual([
      'when the operator dies as it is about to write',
      'when on the network operator -> kubernetes:443: partition',
      'when the network heals (operator -> kubernetes:443: partition)',
      'when on the Kubernetes API restart, down for 1000 ms',
      'when the Kubernetes API heals (restart, down for 1000 ms)',
    ]);
  });

  test('nothing can be asked of a gateway that is not there', async () => {
    expect((await stage.when.asked('/x')).status).toBe(200);
    stage.environment.gateway = undefined;
    await expect(stage.when.asked('/x')).rejects.toThrow('without a gateway');
  });
});

describe('then', () => {
  test('a judge that throws makes the sentence unknown', async () => {
    await stage.then.holds('it is fine', () => {
      throw new Error('no field');
    });
    expect(stage.then.judgements).toMatchObject([
      { sentence: 'it is fine', verdict: { value: 'unknown', because: 'the judge failed: no field' } },
    ]);
    await stage.then.equal('so is this', () => JSON.parse('{'), {});
    expect(verdict()).toBe('unknown');
  });

  test('each sentence judges what was collected just before', async () => {
    stage.environment.onCollect = () => {
      stage.recording.records = [recordOfJob('task-1')];
    };
    await stage.then.equal('one record', ({ records }) => records.length, 1);
    expect(verdict()).toBe('true');
  });

  test('runs and ranFor', async () => {
    stage.recording.jobs.push(
      jobOf({ name: 'b', created: 121, scheduledFor: 120 }),
      jobOf({ name: 'a', created: 61, scheduledFor: 60 }),
    );
    await stage.then.runs(task, 2);
    expect(verdict()).toBe('true');
    await stage.then.runs(task, 1);
    expect(verdict()).toBe('false');
    await stage.then.ranFor(task, ['2026-01-01T00:01:00Z', '2026-01-01T00:02:00Z']);
    expect(verdict()).toBe('true');
    await stage.then.ranFor(task, ['2026-01-01T00:02:00Z', '2026-01-01T00:01:00Z']);
    expect(verdict()).toBe('false');
    await stage.then.ranFor(task, []);
    expect(verdict()).toBe('false');
  });

  test('ended: by outcome and reason; unknown while nothing ended', async () => {
    await stage.then.ended(task, 'Complete');
    expect(verdict()).toBe('unknown');
    stage.recording.jobs.push(
      jobOf({ name: 'a', created: 1, ended: 2, outcome: 'Failed', reason: 'DeadlineExceeded' }),
    );
    await stage.then.ended(task, 'Failed', 'DeadlineExceeded');
    expect(verdict()).toBe('true');
    await stage.then.ended(task, 'Failed', 'BackoffLimitExceeded');
    expect(verdict()).toBe('false');
    await stage.then.ended(task, 'Complete');
    expect(verdict()).toBe('false');
  });

  test('recorded: every run, in that state, with those fields', async () => {
    await stage.then.recorded(task, 'COMPLETE');
    expect(verdict()).toBe('unknown');
    stage.recording.jobs.push(jobOf({ name: 'a', created: 1 }), jobOf({ name: 'b', created: 2 }));
    stage.recording.records = [recordOfJob('a', { exitCode: 0, spec: { b: 1, a: 2 } })];
    await stage.then.recorded(task, 'COMPLETE');
    expect(verdict()).toBe('false');
    stage.recording.jobs.pop();
    await stage.then.recorded(task, 'COMPLETE', { exitCode: 0, spec: { a: 2, b: 1 } });
    expect(verdict()).toBe('true');
    await stage.then.recorded(task, 'COMPLETE', { exitCode: 1 });
    expect(verdict()).toBe('false');
    await stage.then.recorded(task, 'FAILED');
    expect(verdict()).toBe('false');
    stage.recording.records = [recordOfJob('a', { status: 'ACTIVE' })];
    await stage.then.recorded(task, 'COMPLETE');
    expect(verdict()).toBe('false');
  });

  test('logged: every run’s stored log says it', async () => {
    await stage.then.logged(task, 'hello');
    expect(verdict()).toBe('unknown');
    stage.recording.jobs.push(jobOf({ name: 'a', created: 1 }));
    stage.recording.records = [recordOfJob('a', { logs: { key: 'k', bytes: 5, complete: true } })];
    await stage.then.logged(task, 'hello');
    expect(verdict()).toBe('false');
    stage.recording.logs = [storedLog('k', 'hello you')];
    await stage.then.logged(task, 'hello');
    expect(verdict()).toBe('true');
    await stage.then.logged(task, 'bye');
    expect(verdict()).toBe('false');
    stage.recording.logs = [{ ...storedLog('k', 'hello'), text: undefined }];
    await stage.then.logged(task, 'hello');
    expect(verdict()).toBe('false');
  });

  test('starts, overlaps, events', async () => {
    stage.recording.tasks.push(taskOf([{ schedule: '* * * * *' }]));
    stage.recording.endedAt = second(150);
    stage.recording.jobs.push(
      jobOf({ name: 'a', created: 60, scheduledFor: 60 }),
      jobOf({ name: 'b', created: 120, scheduledFor: 120 }),
    );
    await stage.then.starts(task, { started: 2 });
    expect(verdict()).toBe('true');
    await stage.then.starts(task, { started: 1, delayed: 1 });
    expect(verdict()).toBe('false');
    await stage.then.explained(task, 'started', /^on time$/);
    expect(verdict()).toBe('true');
    await stage.then.explained(task, 'started', /^Forbid/);
    expect(verdict()).toBe('false');
    await stage.then.explained(task, 'skipped', /./);
    expect(verdict()).toBe('unknown');
    await stage.then.overlaps(task, 2);
    expect(verdict()).toBe('true');
    await stage.then.overlaps(task, 1);
    expect(verdict()).toBe('false');
    await stage.then.neverOverlaps(task);
    expect(verdict()).toBe('false');
    await stage.then.event('Odd', 'task');
    expect(verdict()).toBe('false');
    stage.recording.events.push({ reason: 'Odd', involvedObject: { name: 'task-1' } } as never);
    await stage.then.event('Odd', 'task');
    expect(verdict()).toBe('true');
  });

  test('answers: unknown without a gateway, else as the judge says', async () => {
    stage.environment.answer = () => answerOf(404, 'no such task');
    await stage.then.answers('it is gone', '/x', ({ status }) => equals(status, 404));
    expect(verdict()).toBe('true');
    await stage.then.answers('it is there', '/x', ({ text }) => JSON.parse(text));
    expect(verdict()).toBe('unknown');
    stage.environment.gateway = undefined;
    await stage.then.answers('it is gone', '/x', () => holds(''));
    expect(verdict()).toBe('unknown');
  });

  test('equality looks at values, not at the order of members', () => {
    expect(equals({ a: { c: 1, d: [2] }, b: 3 }, { b: 3, a: { d: [2], c: 1 } }).value).toBe('true');
    expect(equals([1, 2], [2, 1]).value).toBe('false');
    expect(equals(undefined, null).value).toBe('false');
  });
});
