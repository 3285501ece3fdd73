/**
 * Skills from their first file to their deployment by `fabric workspaces`, with docker and kind as recorded programs.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { openBench } from '../../../gateway/bench.fixture.ts';
import { jsonOrUndefined } from '../../../http/index.ts';
import { type Cli, openCli } from '../../cli.fixture.ts';
import { recordedTools, type Tools } from '../../workspaces/tools.fixture.ts';

const image = 'weather/forecast:1.0.0';
const action = '/work-folder/skills/weather-forecast/actions/weather-forecast';

let cli: Cli;
let tools: Tools;
beforeEach(async () => {
  await open();
  await out('workspaces', 'generate', 'weather/forecast');
});

async function open(exits: Parameters<typeof recordedTools>[0] = {}) {
  tools = recordedTools(exits);
  cli = openCli(await openBench(), { processes: tools.processes });
}

async function out(...words: string[]): Promise<string> {
  const printed = await cli.run(words);
  expect(printed.code, printed.err).toBe(0);
  return printed.out;
}
const imageSaved = async () =>
  jsonOrUndefined(await out('skills', 'describe', 'weather/forecast', '--query', 'actions[0].image'));

describe('generate', () => {
  test('writes the files that it names, a job in Python unless told otherwise', async () => {
    const names = (await out('workspaces', 'generate', 'other', '--folder', './w/')).trim().split('\n');
    expect(names).toContain('skills/other/actions/other/main.py');
    expect(names).toContain('skills/other/invoke/request/message.json');
    const there = cli.world.files.status('/work-folder/w/skills/other/skill.yaml');
    expect((await there)?.kind).toBe('file');
  });

  test('writes daemons, and TypeScript', async () => {
    const names = await out('workspaces', 'generate', 'd', '--type', 'daemon', '--language', 'typescript');
    expect(names).toContain('skills/d/actions/d/server.ts');
  });

  test.each([
    [['weather/forecast'], 'is there already'],
    [['a b'], 'is no name of a skill'],
    [['x', '--type', 'cron'], 'Allowed choices are job, daemon'],
  ])('%j is refused', async (words, message) => {
    const { code, err } = await cli.run(['workspaces', 'generate', ...words]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('build', () => {
  test('builds the image of each action, and passes on what docker says', async () => {
    await out('workspaces', 'generate', 'second');
    const printed = await cli.run(['workspaces', 'build']);
    expect(printed.out).toBe(`Built second:1.0.0\nBuilt ${image}\n`);
    expect(printed.err).toBe('docker says so\n'.repeat(2));
    expect(tools.calls.at(-1)).toBe(`docker build --tag ${image} ${action}`);
  });

  test('builds those that are named, once each', async () => {
    await out('workspaces', 'generate', 'second');
    await out('workspaces', 'build', '--skill', 'second', '--skill', 'second');
    expect(tools.calls).toHaveLength(1);
    expect(await cli.run(['workspaces', 'build', '--skill', 'third'])).toMatchObject({
      code: 5,
      err: expect.stringContaining('there are second, weather/forecast'),
    });
  });

  test('says of a skill without a Dockerfile that there is nothing to build', async () => {
    await cli.world.files.remove(`${action}/Dockerfile`);
    expect(await out('workspaces', 'build')).toContain('nothing to build');
    expect(tools.calls).toEqual([]);
  });

  test('says where there is no workspace, and what to do', async () => {
    const { code, err } = await cli.run(['workspaces', 'build', '--folder', 'elsewhere']);
    expect([code, err]).toEqual([2, expect.stringContaining('fabric workspaces generate')]);
  });

  test.each([
    ['name: [', 'is neither JSON nor YAML'],
    ['title: x', 'names no skill'],
    ['{name: x, actions: {}}', 'actions: must be a list'],
    ['{name: x, actions: [7]}', 'actions[0]: needs a name'],
    ['{name: x, actions: [{name: weather/forecast}]}', 'actions[0].image: is missing'],
  ])('refuses the skill.yaml %j with its place', async (text, message) => {
    await cli.file('skills/weather-forecast/skill.yaml', text);
    const { code, err } = await cli.run(['workspaces', 'build']);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).toContain('skills/weather-forecast/skill.yaml');
  });

  test.each([
    [{ docker: 3 }, 'docker build --tag weather/forecast:1.0.0'],
    [{ docker: 'missing' as const }, 'docker cannot be started'],
  ])('ends where docker does: %j', async (exits, message) => {
    await open(exits);
    await out('workspaces', 'generate', 'weather/forecast');
    const { code, err } = await cli.run(['workspaces', 'build']);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('publish', () => {
  test('pushes to a registry, and saves the skill with the name that the image has there', async () => {
    const printed = await out('workspaces', 'publish', '--registry', 'registry.example/team/');
    expect(tools.calls.map((call) => call.replace(action, '…'))).toEqual([
      `docker build --tag ${image} …`,
      `docker tag ${image} registry.example/team/${image}`,
      `docker push registry.example/team/${image}`,
    ]);
    expect(printed).toContain('Skill "weather/forecast" saved in project "proj1", version 1');
    expect(await imageSaved()).toBe(`registry.example/team/${image}`);
  });

  test('loads into a kind cluster, and saves the skill as it is', async () => {
    await out('workspaces', 'publish', '--kind', 'dev', '--skip-build');
    expect(tools.calls).toEqual([`kind load docker-image ${image} --name dev`]);
    expect(await imageSaved()).toBe(image);
  });

  test.each(['forecast', 'forecast:latest', 'host:5000/forecast'])(
    'does not load %s, which nodes would not find',
    async (name) => {
      await cli.file('skills/weather-forecast/skill.yaml', {
        name: 'weather/forecast',
        actions: [{ name: 'weather/forecast', type: 'job', image: name }],
      });
      const { code, err } = await cli.run(['workspaces', 'publish', '--kind', 'dev', '--skip-build']);
      expect([code, err]).toEqual([2, expect.stringContaining('has no version')]);
      expect(tools.calls).toEqual([]);
    },
  );

  test('saves nothing where the image could not be brought', async () => {
    await open({ 'docker push': 1 });
    await out('workspaces', 'generate', 'weather/forecast');
    expect((await cli.run(['workspaces', 'publish', '--registry', 'r'])).code).toBe(1);
    expect(await out('skills', 'list')).toBe('No skills found\n');
  });

  test.each([[[]], [['--registry', 'r', '--kind', 'k']], [['--local', '--kind', 'k']]])(
    '%j is not one place',
    async (flags) => {
      const { code, err } = await cli.run(['workspaces', 'publish', ...flags]);
      expect([code, err]).toEqual([2, expect.stringContaining('--registry HOST, --kind CLUSTER and --local')]);
    },
  );

  test('asks nothing of docker where no project is configured', async () => {
    const environment = { FABRIC_URL: 'http://gateway' };
    const { code } = await cli.run(['workspaces', 'publish', '--registry', 'r'], { environment });
    expect([code, tools.calls]).toEqual([4, []]);
  });
});

describe('publish --local', () => {
  const ready = { control: { url: 'http://control:8081' }, kubernetes: { token: 'admin' } };
  /** A control API that answers so, and what it was asked. */
  async function control(status: number, body: object) {
    const asked: unknown[] = [];
    const bench = await openBench();
    cli = openCli(bench, { processes: tools.processes });
    await bench.simulation.run(
      bench.simulation.process('control').network.listen('control:8081', async (request, response) => {
        const { method, url, headers } = request;
        const text = (await request.bytes(10_000)).toString();
        asked.push({ method, url, authorization: headers.authorization, body: jsonOrUndefined(text) });
        response.head(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      }),
    );
    await out('workspaces', 'generate', 'weather/forecast');
    await cli.file('ready.json', ready);
    return asked;
  }

  test('registers the command of the Dockerfile in its folder, and saves the skill', async () => {
    const asked = await control(200, { success: true });
    expect(await out('workspaces', 'publish', '--local')).toContain('saved in project "proj1"');
    const body = { image, command: ['python3', 'main.py'], folder: action };
    expect(asked).toEqual([{ method: 'POST', url: '/images', authorization: 'Bearer admin', body }]);
    expect([await imageSaved(), tools.calls]).toEqual([image, []]);
  });

  test('says why it is not taken', async () => {
    await control(400, { success: false, message: 'there is no such folder', code: 400 });
    const { code, err } = await cli.run(['workspaces', 'publish', '--local', 'ready.json']);
    expect([code, err]).toEqual([1, expect.stringContaining('there is no such folder')]);
  });

  test('says what to do where nobody answers', async () => {
    await control(200, {});
    await cli.file('ready.json', { ...ready, control: { url: 'http://nobody:8081' } });
    const { code, err } = await cli.run(['workspaces', 'publish', '--local']);
    expect([code, err]).toEqual([3, expect.stringContaining('no orrery up answers at http://nobody:8081')]);
  });

  test('takes ready files alone, and Dockerfiles that run something', async () => {
    await control(200, {});
    await cli.file('ready.json', { pid: 7 });
    expect((await cli.run(['workspaces', 'publish', '--local'])).err).toContain('is no ready file');
    expect((await cli.run(['workspaces', 'publish', '--local', 'none.json'])).err).toContain('cannot be read');
    await cli.file('ready.json', ready);
    await cli.file(`${action.slice('/work-folder/'.length)}/Dockerfile`, 'FROM scratch\n');
    expect((await cli.run(['workspaces', 'publish', '--local'])).err).toContain('needs an ENTRYPOINT or a CMD');
  });
});
