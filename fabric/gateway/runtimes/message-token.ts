/** The token inside messages to jobs and daemons (contract 4.4). */
import type { SigningKey } from '../../identity/key.ts';
import { defaultAudience, defaultIssuer } from '../../identity/personal-access-token.ts';
import { signToken } from '../../identity/token.ts';
import type { Gateway } from '../settings.ts';

const lifetimeSeconds = 24 * 60 * 60;

interface TokenRequest {
  readonly username: string;
  readonly project: string;
  readonly activationId: string;
  /** The job's own limit, when it is longer than a day. */
  readonly seconds?: number;
}

/** A run of a schedule asks again when it has expired. */
const runLifetimeSeconds = 60 * 60;

/** Of a run of a schedule, which acts for its user in this one project. */
export function runToken(gateway: Gateway, { username, project }: Omit<TokenRequest, 'activationId'>): string {
  return ownToken(gateway, username, runLifetimeSeconds, { projectId: project });
}

/** Signed by the gateway's own key; opens this one project, by the clock of whoever judges tokens. */
export function messageToken(gateway: Gateway, { username, project, activationId, seconds = 0 }: TokenRequest): string {
  const lifetime = Math.max(lifetimeSeconds, seconds);
  return ownToken(gateway, username, lifetime, { projectId: project, activationId });
}

function ownToken(gateway: Gateway, sub: string, seconds: number, more: Readonly<Record<string, string>>): string {
  const { access } = gateway;
  const iat = Math.floor(gateway.pacingClock.now() / 1000);
  const [aud, iss] = [access?.audience ?? defaultAudience, access?.issuer ?? defaultIssuer];
  return signToken(ownKey(gateway), { sub, aud, iss, iat, exp: iat + seconds, roles: [], bearer: 'user', ...more });
}

/** Where nobody is asked who he is, tokens still have to be ones that clients can take apart. */
function ownKey({ access, anonymousKey }: Gateway): SigningKey {
  return access?.own ?? anonymousKey;
}
