/** Who calls: static bearer tokens, tokens of service accounts, or nobody. Source: semantics 1.20. */
import { ApiError } from '../errors.ts';
import type { Caller } from './caller.ts';

export const administrator: Caller = { user: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
export const anonymous: Caller = { user: 'system:anonymous', groups: ['system:unauthenticated'] };

export type TokenLookup = (token: string) => Caller | undefined;

/** The caller by the Authorization header; 401 for a token that nobody has. */
export function authenticate(authorization: string | undefined, find: TokenLookup): Caller {
  if (!authorization) return anonymous;
  const [scheme, token = ''] = authorization.split(' ');
  const found = scheme?.toLowerCase() === 'bearer' ? find(token.trim()) : undefined;
  if (!found) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  return withAuthenticated(found);
}

/** Everybody with a good token is in that group. */
export function withAuthenticated(user: Caller): Caller {
  const group = 'system:authenticated';
  return { ...user, groups: user.groups.includes(group) ? user.groups : [...user.groups, group] };
}
