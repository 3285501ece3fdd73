/** Watch events that are not a stored object: bookmarks and errors. */
import { apiVersionOf } from '../../../kubernetes/resources.ts';
import { ApiError } from '../errors.ts';
import type { Resource } from '../kinds/resource.ts';
import { structureOfResource } from '../kinds/structures.ts';
import type { Structure } from '../schema/structure.ts';
import { withWrittenMembers } from '../schema/written.ts';

/** Type and version, with the mark of the end of the initial events. */
export function bookmarkObject(resource: Resource, version: number, initialEnd: boolean) {
  return {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: String(version),
      ...(initialEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    },
  };
}

/** As clients outside see it: a built-in kind shows all that it always has, empty. */
export function wholeBookmark(resource: Resource, version: number, initialEnd: boolean): object {
  const { metadata, ...type } = bookmarkObject(resource, version, initialEnd);
  return { ...type, metadata, ...emptyMembersOf(resource) };
}

const known = new WeakMap<Resource, object>();

function emptyMembersOf(resource: Resource): object {
  const structure = resource.custom ? undefined : structureOfResource(resource);
  if (!structure) return {};
  let members = known.get(resource);
  if (!members) {
    const { metadata: _metadata, ...rest } = emptyOf(structure);
    members = rest;
    known.set(resource, members);
  }
  return members;
}

/** Numbers that the server keeps without a pointer and shows with one. */
const zeroReplicas = /\.(?:Deployment|ReplicaSet|StatefulSet|ReplicationController)Spec$/;

function emptyOf(structure: Structure): Record<string, unknown> {
  const empty: Record<string, unknown> = withWrittenMembers(structure, {});
  if (zeroReplicas.test(structure.typeName ?? '')) empty.replicas = 0;
  for (const [name, child] of structure.fields ?? []) {
    if (child.present) empty[name] = emptyOf(child);
    else if (structure.required?.includes(name) && empty[name] === undefined) {
      empty[name] = child.type === 'object' && child.typeName?.endsWith('PodTemplateSpec') ? emptyOf(child) : null;
    }
  }
  return empty;
}

/** The Status in the ERROR event of a watch from a forgotten version. */
export function tooOldStatus(version: number, oldest: number) {
  return new ApiError(410, 'Expired', `too old resource version: ${version} (${oldest})`).status;
}
