/** The kinds that skills may bring along in `k8sResources`. */
import {
  configMaps,
  persistentVolumeClaims,
  type ResourceType,
  secrets,
  services,
} from '../../../../kubernetes/resources.ts';

/**
 * None of them runs anything or gives rights. Others cannot be configured: a Pod, a Job or a RoleBinding of a skill
 * would pass by all that Fabric checks in actions.
 */
const bringable: readonly ResourceType[] = [configMaps, persistentVolumeClaims, secrets, services];

export const bringableKinds: readonly string[] = bringable.map(({ kind }) => kind);

/**
 * What needs no thought: Secrets would be read by whoever may describe the skill, Services open doors in the namespace.
 */
export const resourceKindsDefault: readonly string[] = [configMaps.kind, persistentVolumeClaims.kind];

/** The types of those kinds; throws for a kind that cannot be configured. */
export function typesOf(kinds: readonly string[]): ResourceType[] {
  return kinds.map((kind) => {
    const type = bringable.find((each) => each.kind === kind);
    if (!type) throw new Error(`skills cannot bring resources of kind ${kind}, only of ${bringableKinds.join(', ')}`);
    return type;
  });
}
