/**
 * Acting as somebody else (`kubectl --as`): whoever may impersonate is taken for whom the headers name. Source:
 * upstream endpoints/filters/impersonation.
 */

import type { Backend } from '../backend.ts';
import { badRequest } from '../errors.ts';
import { type Attributes, isAllowed, refusal } from './authorization.ts';
import type { Caller } from './caller.ts';

const account = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The caller itself when the headers name nobody. 403 for one who may not; 400 for groups without a user. */
export function impersonate(
  backend: Backend,
  caller: Caller,
  headers: Readonly<Record<string, string | undefined>>,
): Caller {
  const user = headers['impersonate-user'];
  const groups = (headers['impersonate-group'] ?? '').split(',').flatMap((each) => each.trim() || []);
  if (!user && groups.length > 0) throw badRequest(`requested [{Group  ${groups[0]}}] without impersonating a user`);
  if (!user) return caller;
  const [, namespace, name] = account.exec(user) ?? [];
  const wanted: Attributes[] = [
    namespace === undefined || name === undefined
      ? { verb: 'impersonate', group: '', resource: 'users', name: user }
      : { verb: 'impersonate', group: '', resource: 'serviceaccounts', namespace, name },
    ...groups.map((group) => ({ verb: 'impersonate', group: '', resource: 'groups', name: group })),
  ];
  for (const each of wanted) if (!isAllowed(backend, caller, each)) throw refusal(caller, each);
  return { user, groups: [...new Set([...(groups.length > 0 ? groups : usualGroups(namespace)), lastGroup(user)])] };
}

function usualGroups(namespace: string | undefined): string[] {
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

function lastGroup(user: string): string {
  return user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
}
