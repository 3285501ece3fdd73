/** What a run leaves in managed content is listed where it is described, and nothing else is. */
import { describe, expect, test } from 'vitest';
import { openBench, report, tasksPath } from '../bench.fixture.ts';

const content = '/fabric/v4/projects/proj1/content';
const artifactsPrefix = 'tasks/job-29000000/';

async function open(options: Parameters<typeof openBench>[0] = {}) {
  const bench = await openBench(options);
  const upload = (key: string, body: string, type = 'text/csv') =>
    bench.ask(`${content}/${key}`, { method: 'POST', body, headers: { 'content-type': type } });
  const described = async (name = 'job') => (await bench.ask(`${tasksPath}/${name}`)).json.task;
  const tell = (more: Record<string, unknown> = {}) =>
    bench.ask(...report('u', { name: 'job', state: 'COMPLETE', artifactsPrefix, ...more }));
  return { ...bench, upload, described, tell };
}

describe('the description of a run', () => {
  test('lists what lies under its prefix, by key, with size and type, and leaves out its log', async () => {
    const { upload, described, tell } = await open();
    await tell();
    await upload(`${artifactsPrefix}b/model.bin`, 'xyz', 'application/octet-stream');
    await upload(`${artifactsPrefix}a.csv`, 'a,b');
    await upload(`${artifactsPrefix}log.txt`, 'a log');
    await upload('tasks/job-290000001/a.csv', 'of another run');
    await upload('tasks/job-2900000/a.csv', 'of another run');
    expect(await described()).toMatchObject({
      artifactsPrefix,
      artifacts: [
        { key: `${artifactsPrefix}a.csv`, bytes: 3, contentType: 'text/csv' },
        { key: `${artifactsPrefix}b/model.bin`, bytes: 3, contentType: 'application/octet-stream' },
      ],
    });
  });

  test('of one that has left nothing lists nothing; lists of tasks do not ask', async () => {
    const { described, tell, ask } = await open();
    await tell();
    expect((await described()).artifacts).toEqual([]);
    expect((await ask(tasksPath)).json.tasks[0]).not.toHaveProperty('artifacts');
  });

  test('does not wait for managed content that is away', async () => {
    const { described, tell } = await open({ contentUrl: 'http://nowhere' });
    await tell();
    expect(await described()).toMatchObject({ name: 'job', state: 'COMPLETE' });
    expect(await described()).not.toHaveProperty('artifacts');
  });

  test('never shows what lies in the same place of another project', async () => {
    const { ask, described, tell } = await open();
    await tell();
    await ask(`/fabric/v4/projects/proj2/content/${artifactsPrefix}theirs`, { method: 'POST', body: 'x' });
    expect((await described()).artifacts).toEqual([]);
  });
});
