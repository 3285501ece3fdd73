/** What a new store gets: the namespaces that every cluster has. */
import { administrator } from './authentication.ts';
import type { Backend, WriteRequest } from './backend.ts';
import { insert } from './create.ts';
import type { ApiObject } from './json.ts';
import { bootNamespaces } from './namespaces.ts';
import type { Resource } from './resource.ts';
import { namespaceResource } from './resources/core.ts';

export function bootstrap(backend: Backend): void {
  for (const name of bootNamespaces)
    ensure(backend, namespaceResource, '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

/** Creates the object unless it is there. */
export function ensure(backend: Backend, resource: Resource, namespace: string, object: ApiObject): void {
  const name = object.metadata.name ?? '';
  if (backend.store.table(resource.table).get(namespace, name)) return;
  insert(backend, internalWrite(resource, namespace), object);
}

/** A write of the server itself. */
export function internalWrite(resource: Resource, namespace: string): WriteRequest {
  return {
    resource,
    namespace,
    caller: administrator,
    manager: 'kube-apiserver',
    dryRun: false,
    fieldValidation: 'Ignore',
    warn: () => {},
  };
}
