/** Profiles, tokens and the environment: which gateway is asked, as whom, and what happens when none is configured. */
import { beforeEach, describe, expect, test } from 'vitest';
import { openBench } from '../../gateway/bench.fixture.ts';
import { newSigningKey } from '../../identity/key.ts';
import {
  defaultAudience,
  defaultIssuer,
  personalAccessToken,
  usersFile,
} from '../../identity/personal-access-token.ts';
import { fixedUsers } from '../../identity/user-directory.ts';
import { parseUsers } from '../../identity/users.ts';
import { type Cli, openCli } from '../cli.fixture.ts';

const environment = {};

async function closedGateway() {
  const random = (await openBench()).simulation.process('keys').random.stream('key');
  const key = newSigningKey(random);
  return {
    key,
    own: newSigningKey(random),
    users: fixedUsers(parseUsers(usersFile('me@example.com', key, ['proj1']))),
  };
}

let cli: Cli;
beforeEach(() => {
  cli = openCli();
});

describe('without anything configured', () => {
  test('a command says what to do and ends with 4', async () => {
    const { code, err } = await cli.run(['tasks', 'list'], { environment });
    expect([code, err]).toEqual([4, expect.stringContaining('fabric configure --file token.json --project PROJECT')]);
  });

  test('a list of profiles is empty', async () => {
    expect((await cli.run(['configure', 'list'], { environment })).out).toBe('No profiles found\n');
  });
});

describe('a profile', () => {
  beforeEach(async () => {
    const { key } = await closedGateway();
    await cli.file('token.json', personalAccessToken('http://gateway/', 'me@example.com', key));
  });
  const run = (...words: string[]) => cli.run(words, { environment });

  test('is made of a token file, described without its private key, and chosen', async () => {
    expect((await run('configure', '--file', 'token.json', '--project', 'proj1')).out).toContain(
      'Configured profile default: http://gateway, me@example.com, project proj1\n',
    );
    await run('configure', '--file', 'token.json', '--project', 'other', '--profile', 'second');
    expect((await run('configure', 'list')).out).toBe('  default\n* second\n');
    expect((await run('configure', 'set-profile', 'default')).out).toContain('The current profile is default');
    const { out } = await run('configure', 'describe');
    expect(JSON.parse(out)).toMatchObject({ url: 'http://gateway', project: 'proj1', jwk: { kty: 'OKP' } });
    expect(out).not.toContain('"d"');
    expect(JSON.parse((await run('configure', 'describe', 'second', '--query', 'project')).out)).toBe('other');
  });

  test('gets another project without its token file', async () => {
    await run('configure', '--file', 'token.json');
    await run('configure', '--project', 'later');
    expect(JSON.parse((await run('configure', 'describe', '--query', 'project')).out)).toBe('later');
  });

  test('makes tokens, and variables for shells', async () => {
    await run('configure', '--file', 'token.json', '--project', 'it’s');
    expect((await run('configure', 'token', '--ttl', '5m')).out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { out } = await run('configure', 'env');
    expect(out).toContain("export FABRIC_URL='http://gateway'\n");
    expect(out).toMatch(/export CORTEX_TOKEN='[\w-]+\.[\w-]+\.[\w-]+'\n/);
    expect((await run('configure', 'token', '--ttl', 'soon')).code).toBe(2);
  });

  test.each([
    [['configure'], 2, 'there is no profile "default" yet: name a token file'],
    [['configure', '--file', 'nix.json'], 2, 'nix.json cannot be read'],
    [['configure', 'describe', 'nix'], 4, 'no profile "nix"'],
    [['configure', 'set-profile', 'nix'], 4, 'no profile "nix"'],
    [['tasks', 'list', '--profile', 'nix'], 4, 'no profile "nix"'],
  ])('%j is refused', async (words, code, message) => {
    const printed = await run(...words);
    expect([printed.code, printed.err]).toEqual([code, expect.stringContaining(message)]);
  });

  test.each([['{"half'], ['[]'], ['{"url":"x"}']])(
    'a token file that holds %s is refused by its name',
    async (text) => {
      await cli.file('bad.json', text);
      const printed = await run('configure', '--file', 'bad.json');
      expect([printed.code, printed.err]).toEqual([2, expect.stringContaining('bad.json')]);
    },
  );
});

describe('a gateway', () => {
  test('that is not there ends a command with 3', async () => {
    const { code, err } = await cli.run(['tasks', 'list'], {
      environment: { FABRIC_URL: 'http://nowhere', FABRIC_PROJECT: 'p', FABRIC_TOKEN: 't' },
    });
    expect([code, err]).toEqual([3, expect.stringContaining('the gateway http://nowhere cannot be reached')]);
  });

  test('without a project in any place ends it with 4', async () => {
    const bench = await openBench();
    const printed = await openCli(bench).run(['tasks', 'list'], { environment: { FABRIC_URL: 'http://gateway' } });
    expect([printed.code, printed.err]).toEqual([4, expect.stringContaining('no project is configured')]);
  });

  test('lets the user of the profile in, and tells who he is', async () => {
    const { key, own, users } = await closedGateway();
    const access = { users, own, issuer: defaultIssuer, audience: defaultAudience, credential: 'services' };
    const bench = await openBench({ access, projects: ['proj1'] });
    const closed = openCli(bench);
    await closed.file('token.json', personalAccessToken('http://gateway', 'me@example.com', key));
    const run = (...words: string[]) => closed.run(words, { environment });
    await run('configure', '--file', 'token.json', '--project', 'proj1');
    expect(await run('tasks', 'list')).toEqual({ code: 0, out: 'No tasks found\n', err: '' });
    expect(JSON.parse((await run('users', 'describe')).out)).toMatchObject({ username: 'me@example.com' });
    expect((await run('tasks', 'list', '--project', 'foreign')).code).toBe(5);
    const other = await closed.run(['tasks', 'list'], {
      environment: { FABRIC_URL: 'http://gateway', FABRIC_PROJECT: 'proj1', FABRIC_TOKEN: 'a.b.c' },
    });
    expect([other.code, other.err]).toEqual([4, expect.stringContaining('configure the profile again')]);
  });
});
