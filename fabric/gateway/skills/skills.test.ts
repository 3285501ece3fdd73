/** Skills, actions and types as clients save, read and delete them (contract 3.7 to 3.9). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Ask, openBench } from '../bench.fixture.ts';

const base = '/fabric/v4/projects/proj1';
const seed = (name: string): Record<string, unknown> =>
  parse(readFileSync(new URL(`../../../fixtures/skills/${name}/skill.yaml`, import.meta.url), 'utf8'));

const skill = (name: string, action = name) => ({
  camel: '1.0.0',
  name,
  inputs: [{ name: 'request', routing: { all: { action, runtime: 'cortex/jobs', output: 'response' } } }],
  outputs: [{ name: 'response' }],
});
const withAction = (name: string, more: object = {}) => ({
  ...skill(name),
  actions: [{ name, type: 'job', image: 'busybox', ...more }],
});

async function open() {
  const bench = await openBench();
  const ask = async (path: string, more: Ask = {}) => {
    const { status, json, text } = await bench.ask(`${base}/${path}`, more);
    return { status, text, json: json as unknown as Record<string, unknown> };
  };
  const post = (path: string, body: unknown) => ask(path, { method: 'POST', body });
  return { ...bench, ask, post };
}

describe('a skill', () => {
  test('of the seeds is saved, deployed, and read back with what the platform adds', async () => {
    const { ask, post } = await open();
    const saved = await post('skills', seed('job'));
    expect(saved).toMatchObject({ status: 200, json: { success: true, version: 1 } });
    const { json } = await ask('skills/job-skill?output=json&verbose=true&status=true');
    expect(json).toMatchObject({
      ...{ name: 'job-skill', version: 1, deployStatus: 'DEPLOYED', createdBy: 'anonymous', tags: [], properties: [] },
      actionStatuses: [{ name: 'job-skill', state: 'DEPLOYED' }],
    });
    expect(json).not.toHaveProperty('success');
  });

  test('that is saved unchanged keeps its version, and a changed one is the next', async () => {
    const { ask, post } = await open();
    const versions: unknown[] = [];
    for (const title of ['one', 'one', 'two', 'one']) {
      versions.push((await post('skills', { ...withAction('s'), title })).json.version);
    }
    expect(versions).toEqual([1, 1, 2, 3]);
    const { json } = await ask('skills/s/versions');
    expect(
      (json.versions as { version: number; skill: { title: string } }[]).map((each) => [
        each.version,
        each.skill.title,
      ]),
    ).toEqual([
      [3, 'one'],
      [2, 'two'],
      [1, 'one'],
    ]);
  });

  test('with a slash goes through all calls', async () => {
    const { ask, post } = await open();
    await post('skills', withAction('cortex/My_Skill'));
    const name = 'cortex%2FMy_Skill';
    expect((await ask(`skills/${name}`)).json).toMatchObject({ name: 'cortex/My_Skill' });
    expect((await ask(`skills/${name}/deploy?verbose=false&dryrun=false`)).json).toMatchObject({ success: true });
    expect((await ask(`skills/${name}/undeploy?verbose=false`)).json).toMatchObject({ success: true });
    expect((await ask(`skills/${name}`)).json).toMatchObject({ deployStatus: 'UNDEPLOYED' });
    expect((await ask(`skills/${name}/action/${name}/logs?raw=false`)).json).toEqual({ success: true, logs: '' });
    expect((await ask(`skills/${name}`, { method: 'DELETE' })).json).toMatchObject({ success: true });
    expect((await ask(`skills/${name}`)).status).toBe(404);
  });

  test.each([
    [{ ...withAction('s'), name: 'a/b/c' }, ['name']],
    [{ ...withAction('s'), inputs: [] }, ['inputs']],
    [{ ...skill('s'), outputs: [{ name: 'x' }, { name: 'y' }] }, ['inputs', 0, 'routing']],
    [withAction('s', { port: 'x' }), ['actions', 0, 'port']],
    [{ ...withAction('s'), outputs: [{ name: 'response' }, { name: 'response' }] }, ['outputs', 1, 'name']],
  ])('that is wrong is refused with the place: %#', async (document, path) => {
    const { post } = await open();
    const { status, json } = await post('skills', document);
    expect(status).toBe(400);
    expect(json.details).toEqual(
      expect.arrayContaining([expect.objectContaining({ path, message: expect.any(String) })]),
    );
  });

  test('is saved also when its action is missing, says so, and is deployed when the action comes', async () => {
    const { ask, post } = await open();
    const { json } = await post('skills', skill('s', 'own'));
    expect(json).toMatchObject({
      success: true,
      message: expect.stringContaining('not deployed'),
      details: [{ name: 'own' }],
    });
    expect((await ask('skills/s')).json).toMatchObject({ deployStatus: 'FAILED' });
    await post('actions', { name: 'own', type: 'job', docker: 'busybox', image: 'busybox', command: '["sh"]' });
    expect((await ask('skills/s')).json).toMatchObject({ deployStatus: 'DEPLOYED' });
  });

  test('that is in use is not deleted: 403 and who needs it', async () => {
    const { ask, post } = await open();
    await post('types', { name: 't', parameters: [] });
    const typed = { ...skill('s', 'own'), outputs: [{ name: 'response', parameters: { $ref: 't' } }] };
    await post('actions', { name: 'own', image: 'busybox' });
    await post('skills', typed);
    await post('agents', {
      ...{ camel: '1.0.0', name: 'ag', outputs: [], mappings: [] },
      inputs: [{ name: 'input', signalId: 'i' }],
      skills: [{ refId: 'r', skillName: 's' }],
    });
    for (const [path, type, name] of [
      ['skills/s', 'agent', 'ag'],
      ['actions/own', 'skill', 's'],
      ['types/t', 'skill', 's'],
    ] as const) {
      const { status, json } = await ask(path, { method: 'DELETE' });
      expect([status, json.details]).toEqual([403, [expect.objectContaining({ type, name })]]);
    }
    for (const path of ['agents/ag', 'skills/s', 'actions/own', 'types/t']) {
      expect((await ask(path, { method: 'DELETE' })).status).toBe(200);
    }
  });

  test('lists take the strings of all lists, and ignore what they do not know', async () => {
    const { ask, post } = await open();
    for (const name of ['a', 'b', 'c']) await post('skills', withAction(name, { image: name }));
    const names = async (query: string) =>
      ((await ask(`skills?${query}`)).json.skills as { name: string }[]).map(({ name }) => name);
    expect(await names('status=true&shared=true&limit=20&sort=%7B%22name%22%3A1%7D&skip=0&compat=true')).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(await names('limit=1&skip=1&sort=%7B%22name%22%3A-1%7D')).toEqual(['b']);
    expect(await names('filter=%7B%22name%22%3A%22c%22%7D')).toEqual(['c']);
    expect((await ask('skills?limit=x')).status).toBe(400);
    expect((await ask('skills?filter=%7B%22nothing%22%3A1%7D')).status).toBe(400);
  });
});

describe('actions and types', () => {
  test('answer with the flag and in the wrapper that one client cannot do without', async () => {
    const { ask, post } = await open();
    const environmentVariables = '"A"="b","C"="d"';
    const saved = await post('actions?actionType=job', { name: 'cortex/a', docker: 'busybox', environmentVariables });
    expect(saved.json).toMatchObject({ success: true, version: 1 });
    expect((await ask('actions')).json).toMatchObject({ success: true, actions: [{ name: 'cortex/a', type: 'job' }] });
    const { json } = await ask('actions/cortex%2Fa');
    expect(json).toMatchObject({ success: true, action: { image: 'busybox', environmentVariables } });
    expect((await ask('actions/none')).status).toBe(404);
  });

  test('types are saved as a list or one by one', async () => {
    const { ask, post } = await open();
    const type = { camel: '1.0.0', name: 'default/T', title: 'T', parameters: [{ name: 'n', type: 'number' }] };
    expect((await post('types', { types: [type, { ...type, name: 'U' }] })).json).toMatchObject({ success: true });
    expect((await post('types', { types: [{ ...type, name: 'x/y/z' }] })).json.details).toMatchObject([
      { path: ['types', 0, 'name'] },
    ]);
    expect((await ask('types?limit=20')).json.types).toHaveLength(2);
    expect((await ask('types/default%2FT')).json).toMatchObject(type);
  });
});

test('what belongs to Fabric itself is not overwritten and not deleted by users', async () => {
  const { ask, post } = await open();
  await post('skills', withAction('s'));
  await post('agents', {
    ...{ camel: '1.0.0', name: 'ag', outputs: [], mappings: [], skills: [] },
    inputs: [{ name: 'input', signalId: 'i' }],
  });
  const scheduled = await post('agentinvoke/ag/services/input?scheduleCron=*+*+*+*+*', {});
  expect(scheduled.json).toMatchObject({ success: true, taskName: 'proj1-ag' });
  expect((await ask('skills/sys-invoke-skill')).json).toMatchObject({ createdBy: 'system' });
  expect((await ask('skills/sys-invoke-skill', { method: 'DELETE' })).status).toBe(403);
  expect((await post('skills', withAction('sys-invoke-skill'))).status).toBe(403);
  const task = { name: 'x', skillName: 'sys-invoke-skill', actionName: 'invoke', image: 'busybox' };
  expect((await post('tasks', task)).status).toBe(400);
});
