/** A session as clients read it. */
import type { Session } from './session.ts';

export function listedSession({ sessionId, ttl, description }: Session) {
  return { sessionId, ttl, description };
}

/** `key`: the only one of its state that is asked for. `verbose`: with its times, epoch ms. */
export function shownSession(session: Session, key: string | undefined, verbose: boolean) {
  const { state, createdBy, createdAt, updatedAt, expiresAt } = session;
  return {
    ...listedSession(session),
    state: key === undefined ? state : onlyKey(state, key),
    ...(verbose ? { createdBy, createdAt, updatedAt, expiresAt } : {}),
  };
}

function onlyKey(state: Session['state'], key: string): Session['state'] {
  return Object.hasOwn(state, key) ? { [key]: state[key] } : {};
}
