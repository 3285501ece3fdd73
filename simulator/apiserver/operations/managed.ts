/** Who wrote which field: metadata.managedFields. Source: semantics 1.11. */
import type { ObjectMeta } from '../../../kubernetes/objects.ts';
import { apiVersionOf } from '../../../kubernetes/resources.ts';
import { type Backend, shown, timeText, type WriteRequest } from '../backend.ts';
import type { ApiObject } from '../json.ts';
import type { Resource } from '../kinds/resource.ts';
import { structureOfResource } from '../kinds/structures.ts';
import { trackUpdate } from '../patch/managed-fields.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { withWrittenMembers } from '../schema/written.ts';

export type ManagedFields = ObjectMeta['managedFields'];

/** Top-level members that a write through this door resets, so that it does not come to own them. */
export function ignoredMembers(resource: Resource, subresource: string | undefined): readonly string[] {
  if (subresource === 'status') return resource.custom ? ['spec', 'metadata'] : ['spec'];
  if (resource.custom) return resource.custom.statusSubresource ? ['status'] : [];
  return resource.strategy.statusMembers;
}

/**
 * The entries for a write by the request's manager. `after` is what the client wants stored, with defaults and before
 * the kind's own preparation; both objects are in the stored shape, and compared in the shape of the request.
 */
export function managedFieldsAfter(
  backend: Backend,
  request: WriteRequest,
  before: ApiObject | undefined,
  after: ApiObject,
  subresource?: string,
): ManagedFields {
  const { resource, manager } = request;
  const structure = structureOfResource(resource);
  if (!structure) return before?.metadata.managedFields;
  const entries = trackUpdate({
    ...beforeOf(resource, structure, before),
    after: shown(resource, after) as unknown as JsonObject,
    manager,
    apiVersion: apiVersionOf(resource),
    time: timeText(backend),
    structure,
    ...(subresource === undefined ? {} : { subresource }),
    ignored: ignoredMembers(resource, subresource),
  });
  return entries.length === 0 ? undefined : (entries as unknown as ManagedFields);
}

/** A new built-in object follows upon an empty one: what that has already has no owner. */
function beforeOf(
  resource: Resource,
  structure: Structure,
  before: ApiObject | undefined,
): { before?: JsonObject; empty?: JsonObject } {
  if (before) return { before: shown(resource, before) as unknown as JsonObject };
  return resource.custom ? {} : { empty: withWrittenMembers(structure, { metadata: {} }) };
}

/** Sets the entries, or takes them off when there are none. */
export function setManagedFields(object: ApiObject, entries: ManagedFields): void {
  if (entries === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = entries;
}
