/**
 * Who may use a Fabric that the harness brings up: one user, his key, and what the services know each other by. Drawn
 * from a World's chance, so that a simulation has the same keys with the same seed.
 */
import type { Access } from '../../fabric/gateway/access/access.ts';
import { newSigningKey, type PrivateJwk, type SigningKey, signingKey } from '../../fabric/identity/key.ts';
import {
  bearerToken,
  defaultAudience,
  defaultIssuer,
  type PersonalAccessToken,
  personalAccessToken,
  usersFile,
} from '../../fabric/identity/personal-access-token.ts';
import { fixedUsers } from '../../fabric/identity/user-directory.ts';
import { parseUsers } from '../../fabric/identity/users.ts';
import type { Random } from '../../world/random.ts';

/** What an identity is made of, as it may be kept in a file of mode 600. */
export interface IdentitySecrets {
  readonly username: string;
  /** The user's key. */
  readonly user: PrivateJwk;
  /** The gateway's own key. */
  readonly own: PrivateJwk;
  /** What operator, gateway and content show each other. */
  readonly credential: string;
}

export interface FabricIdentity {
  readonly username: string;
  readonly own: SigningKey;
  readonly credential: string;
  /** The file of users that the gateway is given. */
  readonly usersFile: string;
  /** Header of a request of the user. `now`: epoch ms of the clock by which the gateway judges tokens. */
  userAuthorization(now: number): string;
  /** The file with which the field's clients are configured. */
  personalAccessToken(gatewayUrl: string): PersonalAccessToken;
}

const defaultUsername = 'developer@orrery.local';
const tokenLifetimeMs = 120_000;
const credentialLength = 32;
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

export function newSecrets(random: Random, username = defaultUsername): IdentitySecrets {
  return {
    username,
    user: newSigningKey(random.stream('user key')).jwk,
    own: newSigningKey(random.stream('gateway key')).jwk,
    credential: random.stream('internal credential').text(credentialLength, alphabet),
  };
}

/** `projects`: those that the user may see; all unless given. */
export function identityOf(secrets: IdentitySecrets, projects: readonly string[] = ['*']): FabricIdentity {
  const { username, credential } = secrets;
  const user = signingKey(secrets.user);
  const tokenFile = (gatewayUrl: string) => personalAccessToken(gatewayUrl, username, user);
  return {
    username,
    own: signingKey(secrets.own),
    credential,
    usersFile: usersFile(username, user, projects),
    userAuthorization: (now) => `Bearer ${bearerToken(tokenFile(''), user, now, tokenLifetimeMs)}`,
    personalAccessToken: tokenFile,
  };
}

export function newIdentity(random: Random): FabricIdentity {
  return identityOf(newSecrets(random));
}

/** What a gateway in this process is given. */
export function accessOf({ usersFile, own, credential }: FabricIdentity): Access {
  const users = fixedUsers(parseUsers(usersFile));
  return { users, own, issuer: defaultIssuer, audience: defaultAudience, credential };
}
