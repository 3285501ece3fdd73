/** A file of users is read again when it changes, and one that cannot be taken does no harm. */
import { expect, it } from 'vitest';
import { Simulation } from '../../world/simulated/simulation.ts';
import { callerOf } from './caller.ts';
import { newSigningKey } from './key.ts';
import { defaultAudience, defaultIssuer, usersFile } from './personal-access-token.ts';
import { signToken } from './token.ts';
import { usersOfFile } from './user-directory.ts';
import { parseUsers, UsersFormatError } from './users.ts';

const startAt = Date.parse('2026-01-01T00:00:00Z');
const path = '/etc/fabric/users.json';

async function withFile(
  play: (write: (text: string) => Promise<void>, names: () => Promise<string[]>) => Promise<void>,
) {
  const simulation = new Simulation({ seed: 1, startAt });
  const world = simulation.process('gateway');
  const key = newSigningKey(world.random.stream('key'));
  await simulation.run(
    (async () => {
      await world.files.write(path, usersFile('ann', key, ['p1']));
      const directory = await usersOfFile(world, path);
      const names = async () => {
        await world.clock.sleep(2_000);
        return [...(await directory.current()).byName.keys()];
      };
      await play((text) => world.files.write(path, text), names);
    })(),
  );
  simulation.shutDown();
}

it('a change is seen two seconds later', async () => {
  const simulation = new Simulation({ seed: 2, startAt });
  const key = newSigningKey(simulation.process('x').random.stream('key'));
  await withFile(async (write, names) => {
    expect(await names()).toEqual(['ann']);
    await write(usersFile('bob', key, ['p1']));
    expect(await names()).toEqual(['bob']);
  });
  simulation.shutDown();
});

it.each(['', '{', '[]', '{"users": 1}', '{"users": [{"username": "x"}]}'])('%j changes nothing', async (text) => {
  await withFile(async (write, names) => {
    await write(text);
    expect(await names()).toEqual(['ann']);
    expect(await names()).toEqual(['ann']);
  });
});

it.each([
  ['users[0].username', { username: '', keys: [], projects: [] }],
  ['users[0].keys', { username: 'a', keys: [], projects: [] }],
  ['users[0].keys[0]', { username: 'a', keys: [{ kty: 'RSA' }], projects: [] }],
  ['users[0].keys[0]', { username: 'a', keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA' }], projects: [] }],
  ['users[0].projects', { username: 'a', keys: [key('a')], projects: '*' }],
  ['users[0]', { username: 'a', keys: [key('a')], projects: ['p'], roles: [] }],
])('%s is named when it is wrong: %j', (at, user) => {
  const read = () => parseUsers(JSON.stringify({ users: [user] }));
  expect(read).toThrow(UsersFormatError);
  expect(read).toThrow(at);
});

it('a private half does not belong into the file', () => {
  const user = { username: 'a', keys: [{ ...key('a'), d: 'AA' }], projects: ['p'] };
  expect(() => parseUsers(JSON.stringify({ users: [user] }))).toThrow('private half');
});

it('a job of a user who was taken off the list sees nothing any more', () => {
  const simulation = new Simulation({ seed: 3, startAt });
  const random = simulation.process('x').random.stream('key');
  const [ann, own] = [newSigningKey(random), newSigningKey(random)];
  const claims = { sub: 'ann', aud: defaultAudience, iss: defaultIssuer, exp: startAt / 1000 + 60, projectId: 'p1' };
  const token = signToken(own, claims);
  const sees = (users: string, project: string) => {
    const trust = { issuer: defaultIssuer, audience: defaultAudience, users: parseUsers(users), own };
    const caller = callerOf(token, trust, startAt);
    return typeof caller !== 'string' && caller.maySee(project);
  };
  expect(sees(usersFile('ann', ann, ['p1', 'p2']), 'p1')).toBe(true);
  expect(sees(usersFile('ann', ann, ['p1', 'p2']), 'p2')).toBe(false);
  expect(sees(usersFile('ann', ann, ['p2']), 'p1')).toBe(false);
  expect(sees(usersFile('bob', ann, ['p1']), 'p1')).toBe(false);
  simulation.shutDown();
});

function key(seed: string): object {
  return { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32, seed).toString('base64url') };
}
