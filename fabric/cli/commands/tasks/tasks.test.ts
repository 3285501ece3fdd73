/** `fabric tasks` at a gateway: tables of the seeds byte for byte, messages, logs, and what is refused. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type Bench, openBench, report } from '../../../gateway/bench.fixture.ts';
import { openWithOperator } from '../../../gateway/tasks/with-operator.fixture.ts';
import { type Task, tasks } from '../../../task/index.ts';
import { type Cli, openCli } from '../../cli.fixture.ts';

const spec = { projectId: 'proj1', skillName: 'sys-invoke-skill', actionName: 'invoke', image: 'actor' };

let bench: Bench;
let cli: Cli;
beforeEach(async () => {
  bench = await openBench();
  cli = openCli(bench);
});

const schedule = (name: string, cron: string) =>
  bench.cluster.create<Task>(tasks, {
    metadata: { name },
    spec: { ...spec, schedule: cron, agentName: 'hubble_agent', username: 'me@x' },
  });
const tell = (uid: string, more: Record<string, unknown>) => bench.ask(...report(uid, more));

describe('list', () => {
  test('of schedules is the table of the seeds', async () => {
    schedule('proj1-hubble-hourly', '@hourly');
    schedule('proj1-hubble-yearly', '@yearly');
    const { code, out } = await cli.run(['tasks', 'list', '--scheduled', '--sort', '{"name":1}']);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      '┌────────────────────────────────────────┬──────────────────────────────┬──────────────────────────────┬────────────────────┬─────────────────────────┬────────────┐',
      '│ Name                                   │ Skill Name                   │ Action Name                  │ Status             │ Started                 │ Schedule   │',
      '├────────────────────────────────────────┼──────────────────────────────┼──────────────────────────────┼────────────────────┼─────────────────────────┼────────────┤',
      '│ proj1-hubble-hourly                    │ sys-invoke-skill             │ invoke                       │ Active             │ a few seconds ago       │ @hourly    │',
      '├────────────────────────────────────────┼──────────────────────────────┼──────────────────────────────┼────────────────────┼─────────────────────────┼────────────┤',
      '│ proj1-hubble-yearly                    │ sys-invoke-skill             │ invoke                       │ Active             │ a few seconds ago       │ @yearly    │',
      '└────────────────────────────────────────┴──────────────────────────────┴──────────────────────────────┴────────────────────┴─────────────────────────┴────────────┘',
      '',
    ]);
  });

  test('wide has agent, next start and user', async () => {
    schedule('hourly', '@hourly');
    const { out } = await cli.run(['tasks', 'list', '--scheduled', '--wide']);
    expect(out).toMatch(/│ in an hour +│ hubble_agent +│ me@x +│/);
  });

  test('of runs tells how long they took; JSON and JMESPath take out what one wants', async () => {
    const minute = 60_000;
    await tell('u1', {
      name: 'one',
      state: 'COMPLETE',
      startTime: bench.simulation.now(),
      endTime: bench.simulation.now() + 20 * minute,
    });
    await tell('u2', { name: 'two', state: 'FAILED', activationId: 'act' });
    await bench.simulation.advance(180 * minute);
    const { out } = await cli.run(['tasks', 'list']);
    expect(out).toMatch(/│ one +│ - +│ - +│ COMPLETE +│ 3 hours ago +│ 20 minutes +│/);
    const json = async (...words: string[]) => JSON.parse((await cli.run(['tasks', 'list', ...words])).out);
    expect((await json('--json')).map(({ name }: { name: string }) => name).sort()).toEqual(['one', 'two']);
    expect(await json('--json', '[?status==`"FAILED"`].name')).toEqual(['two']);
    expect(await json('--query', 'length(@)', '--state', 'complete')).toBe(1);
    expect(await json('--filter', '{"name":"two"}', '--json', '[].activationId')).toEqual(['act']);
    expect((await json('--limit', '1', '--json')).length).toBe(1);
  });

  test('without rows says so', async () => {
    expect(await cli.run(['tasks', 'list'])).toEqual({ code: 0, out: 'No tasks found\n', err: '' });
  });

  test.each([
    [['--limit', '-1'], 2, '--limit must be a whole number of at least 0, not "-1"'],
    [['--limit', '1e3'], 2, '--limit must be'],
    [['--json', '[?'], 2, 'is no JMESPath expression'],
    [['--filter', '{"a'], 1, 'query'],
    [['--filter', '{"nothing":1}'], 1, 'nothing'],
    [['--sorted'], 2, 'unknown option'],
    [['extra'], 2, 'too many arguments'],
  ])('%j is refused with what is wrong', async (words, code, message) => {
    await tell('u1', {});
    const printed = await cli.run(['tasks', 'list', ...words]);
    expect([printed.code, printed.out]).toEqual([code, '']);
    expect(printed.err).toContain(message);
    expect(printed.err).not.toMatch(/\n\s+at /);
  });
});

describe('one schedule', () => {
  beforeEach(() => schedule('proj1-hubble-hourly', '@hourly'));
  const lines = async (...words: string[]) => (await cli.run(['tasks', ...words])).out;

  test('is paused, resumed and deleted with the words of the seeds', async () => {
    const name = 'proj1-hubble-hourly';
    expect(await lines('pauseSchedule', name)).toBe(
      '{"success":true,"message":"Successfully paused task \\"proj1-hubble-hourly\\""}\n',
    );
    expect(await lines('list', '--scheduled')).toContain('│ PAUSED             │');
    expect(await lines('resumeSchedule', name)).toBe(
      '{"success":true,"message":"Successfully resumed task \\"proj1-hubble-hourly\\""}\n',
    );
    expect(await lines('delete', name)).toBe(
      '{"success":true,"message":"Successfully marked task proj1-hubble-hourly for delete"}\n',
    );
    expect(await lines('list', '--scheduled')).toBe('No tasks found\n');
  });

  test('is paused until a time, for a reason', async () => {
    await lines('pauseSchedule', 'proj1-hubble-hourly', '--until', '2026-02-01T00:00:00Z', '--reason', 'audit');
    const { task } = JSON.parse(await lines('describe', 'proj1-hubble-hourly'));
    expect(JSON.stringify(task)).toContain('audit');
    const wrong = await cli.run(['tasks', 'pauseSchedule', 'proj1-hubble-hourly', '--until', 'soon']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--until must be a time')]);
  });

  test('is run now, once the operator has made its CronJob', async () => {
    const served = await openWithOperator();
    await served.create({ name: 'nightly', schedule: '0 3 * * *' });
    const { code, out } = await openCli(served).run(['tasks', 'run', 'proj1-nightly']);
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ success: true, name: expect.any(String) })]);
  });

  test('is described with its resource', async () => {
    const described = JSON.parse(await lines('describe', 'proj1-hubble-hourly', '--k8s'));
    expect(described).toMatchObject({ task: { scheduled: true }, k8sResource: { kind: 'Task' } });
    expect(JSON.parse(await lines('describe', 'proj1-hubble-hourly', '--query', 'task.schedule'))).toBe('@hourly');
  });
});

describe('runs', () => {
  test('of a schedule are listed, and one is started again', async () => {
    const more = { scheduleName: 's', jobType: 'cron', state: 'FAILED', namespace: 'n', jobName: 's-1' };
    await tell('u1', { name: 's-1', ...more, spec: { ...spec } });
    expect((await cli.run(['tasks', 'executions', 's'])).out).toContain('│ s-1 ');
    const again = await cli.run(['tasks', 'restart', 's-1']);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('"success":true') });
  });
});

describe('what is not there', () => {
  test.each(['describe', 'delete', 'logs', 'pauseSchedule', 'resumeSchedule', 'run', 'restart', 'executions'])(
    '%s ends with 5 and says what',
    async (verb) => {
      const { code, out, err } = await cli.run(['tasks', verb, 'nix']);
      expect([code, out]).toEqual([5, '']);
      expect(err).toContain('nix');
    },
  );

  test('of several to be deleted deletes none', async () => {
    schedule('there', '@hourly');
    expect((await cli.run(['tasks', 'delete', 'there', 'nix'])).code).toBe(5);
    expect((await cli.run(['tasks', 'list', '--scheduled', '--json', '[].name'])).out).toContain('there');
  });
});
