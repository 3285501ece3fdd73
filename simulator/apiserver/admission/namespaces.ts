/** The life of a namespace as far as the API server has a hand in it. Source: semantics 1.17. */
import { forbidden } from '../backend.ts';
import type { ApiError } from '../errors.ts';
import { type ApiObject, recordAt } from '../json.ts';
import type { Resource } from '../kinds/resource.ts';

export const bootNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'] as const;
const protectedNamespaces: readonly string[] = ['default', 'kube-public', 'kube-system'];

/** 403 for the namespaces that nobody may delete. */
export function checkNamespaceDeletion(resource: Resource, name: string): void {
  if (protectedNamespaces.includes(name)) throw protectedNamespace(resource, name);
}

function protectedNamespace(resource: Resource, name: string): ApiError {
  return forbidden(resource, name, 'this namespace may not be deleted');
}

/** The phase changes in the same write as the deletion begins. */
export function beginNamespaceDeletion(namespace: ApiObject): ApiObject {
  return { ...namespace, status: { ...recordAt(namespace, 'status'), phase: 'Terminating' } };
}
