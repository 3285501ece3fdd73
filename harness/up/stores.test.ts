/**
 * `orrery up` on stores of the machine's: records and logs are still there in the next run, and a store that went away
 * lost nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { s3Absence, s3Servers } from '../stores/minio.ts';
import { mongoAbsence, mongoServers, type RunningStore } from '../stores/mongodb.ts';
import { eventually } from './eventually.fixture.ts';
import { RunningUp } from './running-up.fixture.ts';

const tasks = '/fabric/v4/projects/proj1/tasks';
const [beginMongo] = mongoServers(process.env).values();
const [beginS3] = s3Servers(process.env).values();
const missing = [...(beginMongo ? [] : [mongoAbsence]), ...(beginS3 ? [] : [s3Absence])];
if (missing.length > 0) console.log(`skipped: ${missing.join('; ')}`);

describe.skipIf(missing.length > 0)('orrery up with MongoDB’s protocol and S3', () => {
  const running: { end(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const each of running.reverse()) await each.end();
  });

  async function begin(store: (() => Promise<RunningStore>) | undefined): Promise<RunningStore> {
    if (!store) throw new Error('there is no such store here');
    const begun = await store();
    running.push(begun);
    return begun;
  }

  async function up(records: RunningStore, objects: RunningStore): Promise<RunningUp> {
    const started = await RunningUp.start(['--store', records.url, '--blobs', objects.url]);
    running.push({ end: () => started.stop() });
    return started;
  }

  async function post(up: RunningUp, name: string): Promise<void> {
    const body = JSON.stringify({
      name,
      skillName: 's',
      actionName: 'a',
      image: 'orrery/actor',
      args: ['print hello; sleep 1s; print bye'],
    });
    await eventually('the task is taken', async () =>
      (await up.asked(tasks, { method: 'POST', body })).ok ? true : undefined,
    );
  }

  async function ended(up: RunningUp, name: string): Promise<unknown> {
    return eventually(`${name} has ended with its log`, async () => {
      const answer = await up.asked(`${tasks}/proj1-${name}`);
      const { task } = (await answer.json()) as { task: { state: string; logs?: { complete: boolean } } };
      return task.state === 'COMPLETE' && task.logs?.complete ? task : undefined;
    });
  }

  const logOf = async (up: RunningUp, name: string) => (await up.asked(`${tasks}/proj1-${name}/logs`)).json();

  test('records and logs outlive the run, and outages of both stores', async () => {
    const records = await begin(beginMongo);
    const objects = await begin(beginS3);
    const first = await up(records, objects);
    await post(first, 'one');
    expect(await ended(first, 'one')).toMatchObject({ exitCode: 0, logs: { lines: 2, missing: [] } });
    await post(first, 'two');
    await records.killAndStart?.(() => sleep(1_500));
    await objects.killAndStart?.(() => sleep(1_500));
    expect(await ended(first, 'two')).toMatchObject({ exitCode: 0, logs: { lines: 2, missing: [] } });
    await first.stop();

    const second = await up(records, objects);
    for (const name of ['one', 'two']) {
      expect(await ended(second, name)).toMatchObject({ exitCode: 0 });
      expect(await logOf(second, name)).toEqual({ success: true, logs: 'hello\nbye\n' });
    }
  });
});

test('an address that is none, and a store that is not there, are told of at start', async () => {
  await expect(RunningUp.start(['--store', 'mongo:1'])).rejects.toThrow('write mongodb://host:port/database');
  await expect(RunningUp.start(['--blobs', 's3://me:hidden@127.0.0.1:9/bucket?tls=off'])).rejects.toThrow(
    /s3:\/\/127\.0\.0\.1:9\/bucket does not answer/,
  );
});
