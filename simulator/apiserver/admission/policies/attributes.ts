/** What policies see of a request. */
import { apiVersionOf, type ResourceType } from '../../../../kubernetes/resources.ts';
import type { Caller } from '../../auth/caller.ts';
import { type Backend, shown } from '../../backend.ts';
import type { ApiObject } from '../../json.ts';
import { namespaceResource } from '../../kinds/groups/core.ts';
import type { Resource } from '../../kinds/resource.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

export interface Attributes {
  readonly operation: Operation;
  readonly resource: Resource;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly name: string;
  /** Empty for what has none. */
  readonly namespace: string;
  /** As it is to be stored; none for a deletion. */
  readonly object: ApiObject | undefined;
  /** As it is stored; none for a creation. */
  readonly oldObject: ApiObject | undefined;
  readonly caller: Caller;
  readonly dryRun: boolean;
}

/** The namespace of the request as it is stored; a Namespace has none, nor has what is in none. */
export function namespaceOf(backend: Backend, { resource, namespace }: Attributes): ApiObject | undefined {
  if (namespace === '' || isNamespace(resource)) return undefined;
  return backend.store.table(namespaceResource.table).get('', namespace)?.object;
}

export function isNamespace({ group, kind }: Pick<ResourceType, 'group' | 'kind'>): boolean {
  return group === '' && kind === 'Namespace';
}

/** `request` of an expression. Source: Kubernetes' `CreateAdmissionRequest`. */
export function requestOf(attributes: Attributes, uid: string): Record<string, unknown> {
  const { resource, subresource, name, namespace, operation, caller, dryRun } = attributes;
  const { group, version, plural } = resource;
  const kind = { group, version, kind: resource.kind };
  const names = { group, version, resource: plural };
  return {
    uid,
    kind,
    resource: names,
    ...(subresource === '' ? {} : { subResource: subresource, requestSubResource: subresource }),
    requestKind: kind,
    requestResource: names,
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: { username: caller.user, groups: [...caller.groups], ...(caller.uid ? { uid: caller.uid } : {}) },
    dryRun,
    options: { kind: `${operation[0]}${operation.slice(1).toLowerCase()}Options`, apiVersion: 'meta.k8s.io/v1' },
  };
}

/** An object in the version and shape that the request speaks of. */
export function versioned(resource: Resource, object: ApiObject): ApiObject {
  const view = shown(resource, object);
  return { ...view, apiVersion: apiVersionOf(resource), kind: resource.kind };
}
