/** Writes of the server itself. */
import { administrator } from '../auth/authentication.ts';
import type { Caller } from '../auth/caller.ts';
import type { Backend, WriteRequest } from '../backend.ts';
import type { ApiObject } from '../json.ts';
import { withDefaults } from '../kinds/decode.ts';
import type { Resource } from '../kinds/resource.ts';
import { insert } from './create.ts';

export function internalWrite(resource: Resource, namespace: string, caller: Caller = administrator): WriteRequest {
  return {
    resource,
    namespace,
    caller,
    manager: 'kube-apiserver',
    dryRun: false,
    fieldValidation: 'Ignore',
    warn: () => {},
  };
}

/** Creates the object unless it is there. */
export function ensure(backend: Backend, resource: Resource, namespace: string, object: ApiObject): void {
  const name = object.metadata.name ?? '';
  if (backend.store.table(resource.table).get(namespace, name)) return;
  insert(backend, internalWrite(resource, namespace), withDefaults(resource, object));
}
