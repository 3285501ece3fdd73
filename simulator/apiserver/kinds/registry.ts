/** All resources that the server serves now: the built-in ones, and those that definitions have added. */
import type { ResourceType } from '../../../kubernetes/resources.ts';
import type { ApiObject } from '../json.ts';
import { cronJobResource, jobResource } from './groups/batch.ts';
import { coreResources } from './groups/core.ts';
import { coreEventResource, newEventResource } from './groups/events.ts';
import { otherResources, reviewResources } from './groups/other-groups.ts';
import { podResource } from './groups/pods.ts';
import { storedGroups } from './groups/stored-groups.ts';
import type { Resource } from './resource.ts';
import { compareVersions } from './versions.ts';

/** As the real server lists them; within a group, resources stand by name, after the preferred version. */
const groups = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

function inOrder(one: Resource, other: Resource): number {
  const byGroup = groups.indexOf(one.group) - groups.indexOf(other.group);
  if (byGroup !== 0) return byGroup;
  if (one.version !== other.version) return compareVersions(one.version, other.version);
  return one.plural < other.plural ? -1 : 1;
}

const unordered: readonly Resource[] = [
  podResource,
  ...coreResources,
  coreEventResource,
  jobResource,
  cronJobResource,
  newEventResource,
  ...otherResources,
  ...storedGroups,
  ...reviewResources,
];

/** What is served from the start, in the order of discovery. */
export const builtInResources: readonly Resource[] = unordered.toSorted(inOrder);

function keyOfType(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}

export class Registry {
  readonly #resources = new Map<string, Resource>();
  readonly #custom = new Map<string, { readonly resources: readonly Resource[]; readonly definition: ApiObject }>();
  #groupVersions = new Set<string>();
  #revision = 0;

  constructor() {
    for (const resource of builtInResources) this.#add(resource);
    this.#count();
  }

  /** Counts the changes of what is served. */
  get revision(): number {
    return this.#revision;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#resources.get(keyOfType(group, version, plural));
  }

  /** The resource of that type; an Error when the server does not serve it. */
  get(type: ResourceType): Resource | undefined {
    return this.find(type.group, type.version, type.plural);
  }

  /** By kind, as manifests name it. */
  findKind(group: string, version: string, kind: string): Resource | undefined {
    return this.all().find((each) => each.group === group && each.version === version && each.kind === kind);
  }

  /** True if any resource is served under the group and version. */
  hasGroupVersion(group: string, version: string): boolean {
    return this.#groupVersions.has(`${group}/${version}`);
  }

  /** True if the group is one of the server's own, whatever the version. */
  hasBuiltInGroup(group: string): boolean {
    return builtInResources.some((each) => each.group === group);
  }

  all(): Resource[] {
    return [...this.#resources.values()];
  }

  /** Serves what a definition (by its name) describes instead of what it described before; nothing removes it. */
  setCustom(name: string, resources: readonly Resource[], definition?: ApiObject): void {
    for (const resource of this.#custom.get(name)?.resources ?? []) {
      this.#resources.delete(keyOfType(resource.group, resource.version, resource.plural));
    }
    if (definition) this.#custom.set(name, { resources, definition });
    else this.#custom.delete(name);
    for (const resource of resources) this.#add(resource);
    this.#count();
  }

  /** The definition that is served now under that name. */
  customOf(name: string): ApiObject | undefined {
    return this.#custom.get(name)?.definition;
  }

  #add(resource: Resource): void {
    this.#resources.set(keyOfType(resource.group, resource.version, resource.plural), resource);
  }

  #count(): void {
    this.#revision++;
    this.#groupVersions = new Set(this.all().map((each) => `${each.group}/${each.version}`));
  }
}
