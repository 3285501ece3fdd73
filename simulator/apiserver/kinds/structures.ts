/** Structures of resources: built-in ones by their kind, custom ones by their definition. */
import { type Structure, structureOf } from '../schema/structure.ts';
import type { Resource } from './resource.ts';

/** The shape of the resource's objects, as it shows them; undefined for what has no table of it. */
export function structureOfResource(resource: Resource): Structure | undefined {
  return resource.custom ? resource.custom.structure : structureOf(resource.group, resource.version, resource.kind);
}
