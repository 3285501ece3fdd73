/** What the server tells about its resources: the plain documents and the aggregated one. Source: semantics 1.2. */

import { createHash } from 'node:crypto';
import { ownMember } from '../../../world/members.ts';
import type { Resource, Subresource, Verb } from '../kinds/resource.ts';
import { compareVersions } from '../kinds/versions.ts';

interface GroupVersions {
  readonly name: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

/** Groups in the order of the server: built-in ones as registered, the core group not among them. */
export function groupsOf(resources: readonly Resource[]): GroupVersions[] {
  const groups = new Map<string, string[]>();
  for (const { group, version } of resources) {
    if (group === '') continue;
    const versions = groups.get(group) ?? [];
    if (!versions.includes(version)) versions.push(version);
    groups.set(group, versions);
  }
  return [...groups].map(([name, versions]) => ({ name, versions: versions.sort(compareVersions) }));
}

/** `/api`. */
export function coreVersions(host: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
  };
}

function groupDocument(group: GroupVersions): object {
  const versions = group.versions.map((version) => ({ groupVersion: `${group.name}/${version}`, version }));
  return { name: group.name, versions, preferredVersion: versions[0] };
}

/** `/apis`. */
export function groupList(resources: readonly Resource[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(resources).map(groupDocument) };
}

/** `/apis/GROUP`; undefined for a group that has nothing. */
export function groupOf(resources: readonly Resource[], name: string): object | undefined {
  const group = groupsOf(resources).find((each) => each.name === name);
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) };
}

/** `/api/v1`, `/apis/GROUP/VERSION`. */
export function resourceList(resources: readonly Resource[], group: string, version: string): object {
  const named = resources.filter((each) => each.group === group && each.version === version);
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: named.flatMap((each) => [resourceDocument(each), ...each.subresources.map((sub) => partOf(each, sub))]),
  };
}

function resourceDocument(resource: Resource): object {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: verbsOf(resource),
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(verbs.includes('list') ? { storageVersionHash: storageVersionHash(resource) } : {}),
  };
}

/**
 * Tells clients when objects of the resource begin to be stored in another version. Upstream:
 * apiserver/pkg/endpoints/discovery.
 */
function storageVersionHash({ group, version, kind, custom, view }: Resource): string {
  const stored = custom
    ? `${group}/${custom.storageVersion}/${kind}`
    : `${view ? '' : group}/${ownMember(storedVersions, kind) ?? version}/${kind}`;
  return createHash('sha256').update(stored).digest().subarray(0, 8).toString('base64');
}

/** Kinds that real servers store in another version than they show. */
const storedVersions: Readonly<Record<string, string>> = { CustomResourceDefinition: 'v1beta1' };

/** Custom resources name their verbs in another order. */
function verbsOf({ custom, verbs }: Resource): readonly Verb[] {
  return custom ? customVerbs : verbs;
}

const customVerbs: readonly Verb[] = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];

function partOf(resource: Resource, subresource: Subresource): object {
  const { name, kind, verbs, group, version } = subresource;
  return {
    name: `${resource.plural}/${name}`,
    singularName: '',
    namespaced: resource.namespaced,
    ...(group === undefined ? {} : { group, version }),
    kind,
    verbs,
  };
}

/** `/api` or `/apis` as one document; `core` chooses. */
export function aggregated(resources: readonly Resource[], core: boolean, version: string): object {
  const groups = core ? [{ name: '', versions: ['v1'] }] : groupsOf(resources);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: group.name === '' ? {} : { name: group.name },
      versions: group.versions.map((each) => ({
        version: each,
        resources: resources.filter((one) => one.group === group.name && one.version === each).map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(resource: Resource): object {
  const { plural, kind, namespaced, singular, shortNames, categories, subresources } = resource;
  return {
    resource: plural,
    responseKind: responseKindOf(resource, kind),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(resource),
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources: subresources.map((sub) => aggregatedPart(resource, sub)) } : {}),
  };
}

/** Built-in resources leave group and version empty where they are those of the document. */
function responseKindOf(
  { custom, group, version }: Resource,
  kind: string,
  own: { readonly group?: string; readonly version?: string } = {},
): object {
  if (own.group !== undefined) return { group: own.group, version: own.version ?? '', kind };
  return custom ? { group, version, kind } : { group: '', version: '', kind };
}

function aggregatedPart(resource: Resource, subresource: Subresource): object {
  const { kind, name, verbs } = subresource;
  return { subresource: name, responseKind: responseKindOf(resource, kind, subresource), verbs };
}
