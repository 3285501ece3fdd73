/** Who sent a request, and what he may see. */
import { type Identity, type Refusal, type Trust, verifyToken } from './verify.ts';

export interface Caller {
  /** Written into records as `username`. */
  readonly username: string;
  /** Set when the caller is a job or a daemon of this activation: its token was signed by the gateway. */
  readonly activationId: string | undefined;
  /** Whether there is a project of that name for this caller. */
  maySee(project: string): boolean;
}

/** Everybody, where nobody is asked who he is. */
export const anonymous: Caller = { username: 'anonymous', activationId: undefined, maySee: () => true };

/** Who sent the bearer token, or why it is refused. `now`: epoch ms. */
export function callerOf(bearer: string | undefined, trust: Trust, now: number): Caller | Refusal {
  if (bearer === undefined) return 'no bearer token';
  const identity = verifyToken(bearer, trust, now);
  return typeof identity === 'string' ? identity : callerWith(identity);
}

/** A token of the gateway's own opens its one project, as long as its user may still see that. */
function callerWith({ username, user, isOwn, project, activationId }: Identity): Caller {
  const isUsers = (name: string) => user !== undefined && (user.projects.has('*') || user.projects.has(name));
  return {
    username,
    activationId,
    maySee: (name) => isUsers(name) && (!isOwn || name === project),
  };
}
