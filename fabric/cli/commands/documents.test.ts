/**
 * Documents of a project by `fabric`: skills, agents, actions, types, connections, secrets, sessions, projects,
 * activations.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { openBench } from '../../gateway/bench.fixture.ts';
import { type Cli, openCli } from '../cli.fixture.ts';

const action = { name: 'say', type: 'job', image: 'orrery/actor', command: ['print hello'] };
const skill = {
  camel: '1.0.0',
  name: 'cortex/say',
  title: 'Says',
  inputs: [{ name: 'request', routing: { all: { action: 'say', runtime: 'cortex/jobs', output: 'response' } } }],
  outputs: [{ name: 'response' }],
  actions: [action],
};
const agent = `
camel: 1.0.0
name: hubble_agent
inputs: [{name: input, signalType: Service, signalId: i, output: output, parameters: [{name: text, type: string}]}]
outputs: [{name: output, signalType: Service, signalId: o, parameters: []}]
skills: [{refId: say, skillName: cortex/say}]
mappings:
  - {from: {input: {signalId: i}}, to: {skill: {refId: say, input: request}}}
  - {from: {skill: {refId: say, output: response}}, to: {output: {signalId: o}}}
`;

let cli: Cli;
beforeEach(async () => {
  cli = openCli(await openBench());
  await cli.file('skill.json', skill);
  await cli.file('agent.yaml', agent);
});

/** What a command prints; fails when it does not end with 0. */
async function out(...words: string[]): Promise<string> {
  const printed = await cli.run(words);
  expect(printed.code, printed.err).toBe(0);
  return printed.out;
}
const saved = async () => {
  await out('skills', 'save', 'skill.json');
  await out('agents', 'save', 'agent.yaml');
};

describe('skills', () => {
  test('are saved of files, listed, described, deployed, undeployed and deleted', async () => {
    expect(await out('skills', 'save', 'skill.json')).toBe('Skill "cortex/say" saved in project "proj1", version 1\n');
    expect(await out('skills', 'list')).toMatch(/│ cortex\/say +│ Says +│ - +│ say: DEPLOYED +│ a few seconds ago +│/);
    expect(await out('skills', 'list', '--nostatus')).not.toContain('DEPLOYED');
    expect(JSON.parse(await out('skills', 'describe', 'cortex/say'))).toMatchObject({ name: 'cortex/say' });
    expect(await out('skills', 'get', 'cortex/say', '-o', 'yaml')).toContain('name: cortex/say\n');
    expect(
      JSON.parse(await out('skills', 'describe', 'cortex/say', '--versions', '--query', 'versions[].version')),
    ).toEqual([1]);
    expect(await out('skills', 'undeploy', 'cortex/say')).toContain('Undeployed Skill cortex/say: ');
    expect(await out('skills', 'deploy', 'cortex/say')).toContain('Deployed Skill cortex/say: ');
    expect(await out('skills', 'delete', 'cortex/say')).toBe(
      '{"success":true,"message":"Skill \\"cortex/say\\" deleted"}\n',
    );
    expect(await out('skills', 'list')).toBe('No skills found\n');
  });

  test('get a pod spec, resources and a scale by flags', async () => {
    const routing = { all: { action: 'say', runtime: 'cortex/daemons', output: 'response' } };
    const inputs = [{ name: 'request', routing }];
    await cli.file('daemon.yaml', { ...skill, inputs, actions: [{ ...action, type: 'daemon', command: [] }] });
    await cli.file('podspec.yaml', '- path: /containers/0/resources\n  value: {limits: {memory: 64Mi}}\n');
    await cli.file('map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: say-map}\ndata: {a: b}\n');
    await out('skills', 'save', 'daemon.yaml', '--podspec', 'podspec.yaml', '-k', 'map.yaml', '--scaleCount', '2');
    const [saved] = JSON.parse(await out('skills', 'describe', 'cortex/say', '--query', 'actions'));
    expect(saved).toMatchObject({ scaleCount: 2, podSpec: [{ path: '/containers/0/resources' }] });
  });

  test('are read of standard input', async () => {
    const printed = await cli.run(['skills', 'save', '-'], { input: JSON.stringify(skill) });
    expect(printed.code, printed.err).toBe(0);
  });

  test('that are wrong are refused with the place of each fault', async () => {
    await cli.file('wrong.json', { ...skill, inputs: [{ name: '', routing: {} }], camel: 7 });
    const { code, err } = await cli.run(['skills', 'save', 'wrong.json']);
    expect(code).toBe(1);
    expect(err).toContain('skill of wrong.json: ');
    expect(err).toContain('\n  camel: ');
    expect(err).toContain('\n  inputs[0].name: ');
  });

  test('of an agent cannot be deleted, and what needs them is said', async () => {
    await saved();
    const { code, err } = await cli.run(['skills', 'delete', 'cortex/say']);
    expect([code, err]).toEqual([1, expect.stringContaining('hubble_agent')]);
  });

  test('are invoked', async () => {
    await saved();
    const { activationId } = JSON.parse(
      await out('skills', 'invoke', 'cortex/say', 'request', '--params', 'payload: {n: 1}'),
    );
    expect(JSON.parse(await out('activations', 'describe', activationId))).toMatchObject({ payload: { n: 1 } });
    expect(await out('agents', 'list-activations', '--skillName', 'cortex/say')).toMatch(/│ cortex\/say \(Skill\) +│/);
  });
});

describe('agents', () => {
  beforeEach(saved);

  test('are listed, described with their services, deployed and deleted', async () => {
    expect(await out('agents', 'list')).toMatch(/│ hubble_agent +│/);
    expect(await out('agents', 'list-services', 'hubble_agent')).toMatch(/│ input +│ text: string +│/);
    expect(await out('agents', 'deploy', 'hubble_agent')).toContain('Deployed Agent hubble_agent: ');
    expect(await out('agents', 'delete', 'hubble_agent')).toContain('"success":true');
  });

  test('are invoked, and their activations listed, reported and cancelled', async () => {
    const invoke = ['agents', 'invoke', 'hubble_agent', 'input', '--params', '{"payload":{"text":"test cron"}}'];
    const id = JSON.parse(await out(...invoke, '--idempotency-key', 'k', '--query', 'activationId'));
    expect(JSON.parse(await out(...invoke, '--idempotency-key', 'k', '--query', 'activationId'))).toBe(id);
    const list = await out('agents', 'list-activations', '--agentName', 'hubble_agent', '--wide');
    expect(list).toMatch(/│ hubble_agent \(Agent\) +│/);
    expect(list).toContain(id);
    expect(await out('agents', 'get-activation', id, '--report')).toMatch(
      /^Status: STARTED\n(?:.*\n)*│ cortex\/say +│/,
    );
    expect(await out('agents', 'cancel-activation', id)).toContain(id);
    expect((await cli.run(['activations', 'cancel', id])).code).toBe(1);
    expect(await out('activations', 'list', '--status', 'cancelled')).toContain(id);
  });

  test('are scheduled under a name', async () => {
    const words = ['agents', 'invoke', 'hubble_agent', 'input', '--scheduleCron', '* * * * *'];
    const answer = JSON.parse(await out(...words, '--scheduleName', 'hubble_hourly'));
    expect(answer).toMatchObject({ taskName: 'proj1-hubble-hourly' });
    expect(await out('tasks', 'list', '--scheduled')).toContain('│ proj1-hubble-hourly ');
  });

  test.each([
    [['--scheduleName', 'x'], '--scheduleName names a schedule: say when by --scheduleCron'],
    [['--scheduleCron', '@hourly', '--sync'], '--sync waits for one activation'],
    [['--params', '{"a', '--scheduleCron', '@hourly'], '--params is neither JSON nor YAML'],
    [['--params', '[1]'], '--params must hold one object'],
    [['--params', '{}', '--params-file', 'x'], 'do not go together'],
    [['--params-file', 'nix.json'], 'nix.json cannot be read'],
  ])('%j is refused before anything is asked', async (flags, message) => {
    const { code, err } = await cli.run(['agents', 'invoke', 'hubble_agent', 'input', ...flags]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  test('have snapshots', async () => {
    const made = JSON.parse(await out('agents', 'create-snapshot', 'hubble_agent', '--title', 'before'));
    expect(await out('agents', 'list-snapshots', 'hubble_agent')).toMatch(/│ before +│/);
    const { snapshotId } = made;
    expect(JSON.parse(await out('agents', 'describe-snapshot', snapshotId))).toMatchObject({ snapshotId });
  });

  test('activations are not listed without a subject', async () => {
    expect(await cli.run(['activations', 'list'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--agentName'),
    });
  });
});

describe('actions', () => {
  test('are saved of flags or files, listed, described and deleted', async () => {
    const flags = ['--actionName', 'cortex/x', '--actionType', 'job', '--docker', 'orrery/actor', '--jobTimeout', '60'];
    expect(await out('actions', 'save', ...flags, '--cmd', '["print a"]')).toContain('"success":true');
    expect(await out('actions', 'list')).toMatch(/│ cortex\/x +│ job +│ orrery\/actor +│/);
    const described = JSON.parse(await out('actions', 'describe', 'cortex/x'));
    expect(described).toMatchObject({ name: 'cortex/x', command: ['print a'], jobTimeout: 60 });
    await cli.file('action.yaml', { ...action, name: 'of-a-file' });
    await out('actions', 'deploy', 'action.yaml', '--docker', 'orrery/other');
    expect(JSON.parse(await out('actions', 'describe', 'of-a-file', '--query', 'image'))).toBe('orrery/other');
    await out('actions', 'delete', 'of-a-file');
    expect((await cli.run(['actions', 'describe', 'of-a-file'])).code).toBe(5);
  });

  test.each([
    [['--docker', 'x'], 'an action needs a name'],
    [['--actionName', 'a', '--cmd', 'python main.py'], '--cmd must be a JSON list of words'],
    [['--actionName', 'a', '--jobTimeout', '0'], '--jobTimeout must be a whole number of at least 1'],
    [['--actionName', 'a', '--actionType', 'cron'], 'Allowed choices are job, daemon'],
  ])('%j is refused before anything is asked', async (flags, message) => {
    expect(await cli.run(['actions', 'save', ...flags])).toMatchObject({
      code: 2,
      err: expect.stringContaining(message),
    });
  });
});

test('types are saved one by one or together, listed, described and deleted', async () => {
  const type = (name: string) => ({ camel: '1.0.0', name, title: name, parameters: [{ name: 'a', type: 'string' }] });
  await cli.file('type.json', type('one'));
  await cli.file('types.yaml', { types: [type('two'), type('three')] });
  expect(await out('types', 'save', 'type.json', 'types.yaml')).toBe(
    'Type "one" saved in project "proj1"\nType "two", "three" saved in project "proj1"\n',
  );
  expect(JSON.parse(await out('types', 'list', '--json', 'sort([].name)'))).toEqual(['one', 'three', 'two']);
  expect(JSON.parse(await out('types', 'describe', 'two', '--query', 'parameters[0].name'))).toBe('a');
  await out('types', 'delete', 'two');
  expect(await out('types', 'list')).not.toContain('two');
});

test('connections are saved, listed, described and deleted', async () => {
  await cli.file('connection.json', {
    name: 'store',
    connectionType: 's3',
    params: [{ name: 'key', value: '#SECURE.k' }],
  });
  await out('secrets', 'save', 'k', '--value', 'v');
  expect(await out('connections', 'list-types')).toContain('│ Name');
  const printed = await cli.run(['connections', 'save', 'connection.json']);
  expect(printed.code, printed.err).toBe(0);
  expect(await out('connections', 'list')).toMatch(/│ store +│ - +│ - +│ s3 +│/);
  expect(JSON.parse(await out('connections', 'describe', 'store', '--query', 'connectionType'))).toBe('s3');
  await out('connections', 'delete', 'store');
});

test('secrets go in by a flag, a file or standard input, and never come out', async () => {
  await cli.file('value.txt', 'of a file\n');
  await out('secrets', 'save', 'a/b.c', '--value', 'told');
  await out('secrets', 'save', 'filed', '--file', 'value.txt');
  expect((await cli.run(['secrets', 'save', 'piped', '--file', '-'], { input: 'piped in' })).code).toBe(0);
  expect(JSON.parse(await out('secrets', 'list', '--json', 'sort(@)'))).toEqual(['a/b.c', 'filed', 'piped']);
  const shown = await out('secrets', 'describe', 'a/b.c');
  expect(shown).not.toContain('told');
  await out('secrets', 'delete', 'a/b.c');
  expect((await cli.run(['secrets', 'describe', 'a/b.c'])).code).toBe(5);
  expect((await cli.run(['secrets', 'save', 'x'])).code).toBe(2);
});

test('sessions are started, listed, described and deleted', async () => {
  await cli.file('session.yaml', 'sessionId: s1\nttl: 60\ndescription: of a test\nstate: {a: 1, b: 2}\n');
  expect(await out('sessions', 'save', 'session.yaml')).toBe('Session saved: s1\n');
  expect(await out('sessions', 'list')).toMatch(/│ s1 +│ 60 +│ of a test +│/);
  expect(JSON.parse(await out('sessions', 'describe', 's1', '--key', 'b', '--query', 'state'))).toEqual({ b: 2 });
  await out('sessions', 'delete', 's1');
  expect(await out('sessions', 'list')).toBe('No sessions found\n');
});

test('projects are made, listed, described and deleted', async () => {
  expect(await out('projects', 'save', '--name', 'proj2', '--title', 'Second')).toBe('Project "proj2" saved\n');
  expect(await out('projects', 'list')).toMatch(/│ proj2 +│ Second +│ - +│/);
  expect(JSON.parse(await out('projects', 'describe', 'proj2'))).toMatchObject({ name: 'proj2', title: 'Second' });
  expect(await out('projects', 'delete', 'proj2')).toBe('Project "proj2" deleted\n');
  expect((await cli.run(['projects', 'describe', 'proj2'])).code).toBe(5);
  expect((await cli.run(['projects', 'save'])).code).toBe(2);
});
