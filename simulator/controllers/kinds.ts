/** The kinds among all the types that the API server serves; a kind can be served in several versions. Pure. */
import { apiVersionOf, type ResourceType } from '../../kubernetes/resources.ts';

/** `pods`, `jobs.batch`: the same for all versions. */
export function nameOfKind({ group, plural }: Pick<ResourceType, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** One version of each kind: the first. */
export function oneVersionEach(resources: readonly ResourceType[]): ResourceType[] {
  const kinds = new Map<string, ResourceType>();
  for (const resource of resources) {
    const name = nameOfKind(resource);
    if (!kinds.has(name)) kinds.set(name, resource);
  }
  return [...kinds.values()];
}

/** The type of that API version and kind, as owner references name it. */
export function findKind(
  resources: readonly ResourceType[],
  apiVersion: string,
  kind: string,
): ResourceType | undefined {
  return resources.find((resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion);
}
