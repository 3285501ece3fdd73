/** Agents as clients save, read, deploy and keep them (contract 3.5, 4.2). */
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Bench, openBench } from '../bench.fixture.ts';

const base = '/fabric/v4/projects/proj1';
let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

type Json = Record<string, unknown>;
const post = (path: string, body: unknown = {}) => bench.ask(`${base}/${path}`, { method: 'POST', body });
const get = async (path: string) => (await bench.ask(`${base}/${path}`)).json as unknown as Json;

const skill = (name: string, more: Json = {}) => ({
  camel: '1.0.0',
  name,
  properties: [{ name: 'url', defaultValue: 'http://api.test' }],
  inputs: [{ name: 'in', routing: { all: { runtime: 'cortex/external-api', output: 'out' } } }],
  outputs: [{ name: 'out' }],
  ...more,
});

const agent = (more: Json = {}) => ({
  camel: '1.0.0',
  name: 'cortex/Daily',
  title: 'Daily',
  inputs: [{ name: 'input', signalType: 'Service', signalId: 'i', output: 'output' }],
  outputs: [{ name: 'output', signalType: 'Service', signalId: 'o' }],
  skills: [{ refId: 'r', skillName: 'cortex/one' }],
  mappings: [
    { from: { input: { signalId: 'i' } }, to: { skill: { refId: 'r', input: 'in' } } },
    { from: { skill: { refId: 'r', output: 'out' } }, to: { output: { signalId: 'o' } } },
  ],
  ...more,
});
const path = 'agents/cortex%2FDaily';

describe('saved', () => {
  test('an agent whose skills are not there yet is taken; it is a new version when something has changed', async () => {
    expect((await post('agents', agent())).json).toMatchObject({ success: true, version: 1 });
    expect((await post('agents', agent())).json).toMatchObject({ success: true, version: 1 });
    expect((await post('agents', agent({ title: 'Other' }))).json).toMatchObject({ success: true, version: 2 });
    const { versions } = await get(`${path}/versions`);
    expect(versions).toMatchObject([
      { version: 2, agent: { title: 'Other' } },
      { version: 1, agent: { title: 'Daily' } },
    ]);
  });

  test('all that is wrong is told at once, each with its path', async () => {
    const signal = { name: 'input', signalId: 'i', output: 'none' };
    const wrong = agent({
      name: 'a b',
      inputs: [signal, signal],
      outputs: [
        { name: 'output', signalId: 'o' },
        { name: 'output', signalId: 'p' },
      ],
      skills: [
        { refId: 'r', skillName: 'x' },
        { refId: 'r', skillName: 'y' },
      ],
      mappings: [
        { from: { input: { signalId: 'q' } }, to: { skill: { refId: 's', input: 'in' } } },
        { from: { skill: { refId: 's', output: 'out' } }, to: { output: { signalId: 'i' } } },
      ],
    });
    const { status, json } = await post('agents', wrong);
    expect(status).toBe(400);
    const paths = json.details.map((detail) => detail.path.join('.')).sort();
    expect(paths).toEqual(
      [
        ...['name', 'inputs.1.name', 'inputs.1.signalId', 'inputs.0.output', 'inputs.1.output', 'outputs.1.name'],
        ...['skills.1.refId', 'mappings.0.from.input.signalId', 'mappings.0.to.skill.refId'],
        ...['mappings.1.from.skill.refId', 'mappings.1.to.output.signalId'],
      ].sort(),
    );
  });

  test.each([
    [{ inputs: 'none' }, 'inputs'],
    [{ inputs: [{ name: 'x' }] }, 'inputs.0.signalId'],
    [{ skills: [{ refId: 'r' }] }, 'skills.0.skillName'],
    [{ mappings: [{ from: {}, to: {} }] }, 'mappings.0.from'],
    [{ inputs: [] }, 'inputs'],
  ])('with %j it is refused at %s', async (more, at) => {
    const { status, json } = await post('agents', agent(more));
    expect([status, json.details.map((detail) => detail.path.join('.'))]).toEqual([400, expect.arrayContaining([at])]);
  });
});

describe('read', () => {
  test('inputs without parameters have an empty list, and there is no wrapper', async () => {
    await post('agents', agent());
    const json = await get(`${path}?verbose=false&output=json`);
    expect(json).toMatchObject({ name: 'cortex/Daily', createdBy: 'anonymous', inputs: [{ parameters: [] }] });
    const yaml = await bench.ask(`${base}/${path}?output=yaml`);
    expect(parse(yaml.text)).toEqual(json);
    expect((await bench.ask(`${base}/${path}?output=openapi`)).status).toBe(501);
    expect((await bench.ask(`${base}/${path}?output=k8s`)).status).toBe(400);
  });

  test('it is listed by name, title and who made it', async () => {
    await post('agents', agent());
    await post('agents', agent({ name: 'other', title: 'Another' }));
    const names = async (query: string) =>
      ((await get(`agents?${query}`)).agents as Json[]).map(({ name }) => name).sort();
    expect(await names('limit=20&sort=%7B%22updatedAt%22%3A-1%7D&skip=0')).toEqual(['cortex/Daily', 'other']);
    expect(await names('filter=%7B%22title%22%3A%22Another%22%7D')).toEqual(['other']);
    expect(await names('limit=1&sort=%7B%22name%22%3A-1%7D')).toEqual(['other']);
    expect((await bench.ask(`${base}/agents?filter=%7B%22skills%22%3A1%7D`)).status).toBe(400);
  });
});

describe('deployed', () => {
  test('only when its skills are there and have what its wires name', async () => {
    await post('agents', agent());
    expect((await bench.ask(`${base}/${path}/deploy`)).json).toMatchObject({
      details: [{ path: ['skills', 0, 'skillName'], message: expect.stringContaining('no skill "cortex/one"') }],
    });
    const two = [{ name: 'a' }, { name: 'b' }];
    const routing = { all: { runtime: 'cortex/external-api', output: 'a' } };
    const inputs = two.map(({ name }) => ({ name, routing }));
    await post('skills', skill('cortex/one', { inputs, outputs: two }));
    const { status, json } = await bench.ask(`${base}/${path}/deploy`);
    expect([status, json.details.map((detail) => detail.path.join('.'))]).toEqual([
      400,
      ['mappings.0.to.skill.input', 'mappings.1.from.skill.output'],
    ]);
    await post('skills', skill('cortex/one'));
    for (const _ of [1, 2]) expect((await bench.ask(`${base}/${path}/deploy`)).json).toMatchObject({ success: true });
    expect(await get(path)).toMatchObject({ deployStatus: 'DEPLOYED' });
    await bench.ask(`${base}/skills/cortex%2Fone/undeploy`);
    expect((await bench.ask(`${base}/${path}/deploy`)).json.message).toContain('not deployed');
    expect((await bench.ask(`${base}/${path}/undeploy`)).json).toMatchObject({ success: true });
    expect(await get(path)).toMatchObject({ deployStatus: 'UNDEPLOYED' });
  });

  test('a skill that it refers to is not deleted before it', async () => {
    await post('skills', skill('cortex/one'));
    await post('agents', agent());
    const deleteOf = (what: string) => bench.ask(`${base}/${what}`, { method: 'DELETE' });
    expect(await deleteOf('skills/cortex%2Fone')).toMatchObject({
      status: 403,
      json: { details: [{ type: 'agent', name: 'cortex/Daily' }] },
    });
    expect((await deleteOf(path)).status).toBe(200);
    expect((await deleteOf(path)).status).toBe(404);
    expect((await deleteOf('skills/cortex%2Fone')).status).toBe(200);
  });
});

describe('a snapshot', () => {
  const snapshotted = async (title: string) =>
    (await post(`${path}/snapshots`, { agentName: 'cortex/Daily', title })).json as unknown as { snapshotId: string };

  test('keeps the agent and what it needed, whatever is saved later', async () => {
    await post('skills', skill('cortex/one'));
    await post('agents', agent());
    const { snapshotId } = await snapshotted('first');
    await post('agents', agent({ title: 'Changed', skills: [{ refId: 'r', skillName: 'gone' }] }));
    await post('skills', skill('cortex/one', { title: 'Changed' }));
    const snapshot = await get(`snapshots/${snapshotId}?output=json&deps=true`);
    expect(snapshot).toMatchObject({
      ...{ snapshotId, title: 'first', agentName: 'cortex/Daily', agentVersion: 1, agent: { title: 'Daily' } },
      dependencies: [{ type: 'skill', name: 'cortex/one', version: 1, document: { name: 'cortex/one' } }],
    });
    expect(await get(`snapshots/${snapshotId}`)).not.toHaveProperty('dependencies');
    expect(parse((await bench.ask(`${base}/snapshots/${snapshotId}?output=yaml&deps=true`)).text)).toEqual(snapshot);
    expect((await bench.ask(`/fabric/v4/projects/proj2/snapshots/${snapshotId}`)).status).toBe(404);
  });

  test('is listed newest first, and the newest is the tip', async () => {
    await post('agents', agent());
    const ids: string[] = [];
    for (const title of ['first', 'second', 'third']) {
      ids.unshift((await snapshotted(title)).snapshotId);
      await bench.simulation.advance(1_000);
    }
    const listed = async (query: string) => (await get(`${path}/snapshots?${query}`)).snapshots as Json[];
    const all = await listed('limit=20&skip=0&sort=%7B%22_updatedAt%22%3A-1%7D&mongoRawSort=true');
    expect(all.map(({ snapshotId }) => snapshotId)).toEqual(ids);
    expect(all.map(({ isTip }) => isTip)).toEqual([true, false, false]);
    expect(await listed('filter=%7B%22_isTip%22%3Atrue%7D')).toMatchObject([{ title: 'third' }]);
    expect(await listed('filter=%7B%22title%22%3A%22first%22%7D')).toMatchObject([{ snapshotId: ids[2] }]);
  });

  test('of an agent that is deleted goes with it; of another than the path names there is none', async () => {
    await post('agents', agent());
    const { snapshotId } = await snapshotted('first');
    const other = await post(`${path}/snapshots`, { agentName: 'other', title: 'x' });
    expect(other).toMatchObject({ status: 400, json: { details: [{ path: ['agentName'] }] } });
    expect((await post('agents/nobody/snapshots')).status).toBe(404);
    await bench.ask(`${base}/${path}`, { method: 'DELETE' });
    expect((await bench.ask(`${base}/snapshots/${snapshotId}`)).status).toBe(404);
  });
});
