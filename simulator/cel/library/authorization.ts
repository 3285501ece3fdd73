/**
 * The names of Kubernetes' library `authz`. No expression here has an authorizer, so that nothing of it is ever called;
 * but the names are known, as there. Source: Kubernetes' cel/library/authz.go.
 */
import { method, type Overload } from '../check/declarations.ts';
import { EvaluationError } from '../errors.ts';
import type { Value } from '../values/value.ts';

function notHere(): Value {
  throw new EvaluationError('not in Orrery: authorization checks in expressions (authorizer)');
}

const type = (name: string): string => `kubernetes.authorization.${name}`;
const resource = type('ResourceCheck');
const decision = type('Decision');

export const authorization: readonly Overload[] = [
  method('path', `${type('Authorizer')}, string -> ${type('PathCheck')}`, notHere),
  method('group', `${type('Authorizer')}, string -> ${type('GroupCheck')}`, notHere),
  method('serviceAccount', `${type('Authorizer')}, string, string -> ${type('Authorizer')}`, notHere),
  method('resource', `${type('GroupCheck')}, string -> ${resource}`, notHere),
  ...['subresource', 'namespace', 'name', 'fieldSelector', 'labelSelector'].map((name) =>
    method(name, `${resource}, string -> ${resource}`, notHere),
  ),
  method('check', `${type('PathCheck')}, string -> ${decision}`, notHere),
  method('check', `${resource}, string -> ${decision}`, notHere),
  method('allowed', `${decision} -> bool`, notHere),
  method('reason', `${decision} -> string`, notHere),
  method('errored', `${decision} -> bool`, notHere),
  method('error', `${decision} -> string`, notHere),
];
