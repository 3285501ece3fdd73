/** A gateway that asks who comes in, with two users of one project each. For tests. */

import { Simulation } from '../../../world/simulated/simulation.ts';
import { newSigningKey, type SigningKey } from '../../identity/key.ts';
import { defaultAudience, defaultIssuer, usersFile } from '../../identity/personal-access-token.ts';
import { signToken } from '../../identity/token.ts';
import { fixedUsers } from '../../identity/user-directory.ts';
import { parseUsers } from '../../identity/users.ts';
import { type Ask, openBench } from '../bench.fixture.ts';
import type { GatewayOptions } from '../settings.ts';

export const startAt = Date.UTC(2026, 0, 1);
export const credential = 'the-internal-credential';

const random = new Simulation({ seed: 11, startAt }).process('keys').random.stream('keys');
export const keys = {
  ann: newSigningKey(random),
  bob: newSigningKey(random),
  own: newSigningKey(random),
  stranger: newSigningKey(random),
};

/** Claims of a token that is valid for two minutes from `at`, epoch ms. */
export function claimsOf(sub: string, at = startAt) {
  return { sub, aud: defaultAudience, iss: defaultIssuer, iat: at / 1000, exp: at / 1000 + 120 };
}

export function tokenOf(sub: 'ann' | 'bob', more: Readonly<Record<string, unknown>> = {}): string {
  return signToken(keys[sub], { ...claimsOf(sub), ...more });
}

/** Ann may see `p1`, Bob `p2`; both are there. */
export async function openGuardedBench(options: Partial<GatewayOptions> = {}, own = keys.own) {
  const users = [userOf('ann', keys.ann, 'p1'), userOf('bob', keys.bob, 'p2')];
  const access = {
    users: fixedUsers(parseUsers(JSON.stringify({ users }))),
    own,
    issuer: defaultIssuer,
    audience: defaultAudience,
    credential,
  };
  const bench = await openBench({ access, projects: ['p1', 'p2'], createProjectsOnUse: false, ...options });
  const as =
    (bearer: string) =>
    (path: string, ask: Ask = {}) =>
      bench.ask(path, { ...ask, headers: { ...ask.headers, authorization: `Bearer ${bearer}` } });
  return { ...bench, as };
}

function userOf(username: string, key: SigningKey, project: string): unknown {
  return JSON.parse(usersFile(username, key, [project])).users[0];
}
