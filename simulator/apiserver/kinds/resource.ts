/** What the server knows of a resource: its names, what may be done with it, and the rules of its kind. */

import type { ResourceType } from '../../../kubernetes/resources.ts';
import type { FieldError } from '../errors.ts';
import type { ApiObject } from '../json.ts';
import type { Structure } from '../schema/structure.ts';
import type { ServicePool } from '../services/pool.ts';

/** Holds a definition until its instances are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export const allVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

export interface Subresource {
  readonly name: string;
  readonly kind: string;
  /** Group and version of `kind`, when they are not the parent's. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly Verb[];
}

/** Facts that a rule may need beside the object. */
export interface RuleContext {
  /** Now, RFC 3339, whole seconds. */
  readonly time: string;
  /** A new unique text. */
  unique(): string;
  /** Addresses and ports for Services. */
  servicePool(): ServicePool;
}

/** The rules of one kind. Hooks change the object that they are given; what they take from `old` is frozen. */
export interface Strategy {
  /**
   * What counts up metadata.generation: nothing, the spec (Deployments: annotations too), or all but metadata (custom
   * resources: and status; EndpointSlices: labels too).
   */
  readonly generation: 'none' | 'spec' | 'spec and annotations' | 'all' | 'all and labels';
  /** PUT makes a missing object. */
  readonly createOnUpdate: boolean;
  /** PUT without a resourceVersion is fine. */
  readonly unconditionalUpdate: boolean;
  /** Deleting without a policy leaves dependents alone. */
  readonly orphanByDefault: boolean;
  /** Members of the object that belong to `/status` alone. */
  readonly statusMembers: readonly string[];
  /** Labels are not changed through `/status`. */
  readonly statusKeepsLabels: boolean;
  /** A create may set the status too (a kubelet registers its node with one). */
  readonly statusAtCreate: boolean;
  prepareCreate?(object: ApiObject, context: RuleContext): void;
  prepareUpdate?(object: ApiObject, old: ApiObject, context: RuleContext): void;
  /** After the spec was taken from the old object. */
  prepareStatus?(object: ApiObject, old: ApiObject, context: RuleContext): void;
  /** Fields that a selector may name, beyond name and namespace. */
  readonly fields: Readonly<Record<string, (object: ApiObject) => string>>;
}

/** A custom resource's own rules, from its definition. */
export interface CustomRules {
  /** The definition's name and version. */
  readonly definition: string;
  readonly storageVersion: string;
  readonly schema: Record<string, unknown>;
  readonly structure: Structure;
  readonly statusSubresource: boolean;
  readonly scale: Record<string, unknown> | undefined;
  readonly printerColumns: readonly Record<string, unknown>[];
  /** Drops unknown members; their paths. */
  prune(object: ApiObject): { object: ApiObject; unknown: string[] };
  applyDefaults(object: ApiObject): ApiObject;
  /** `earlier`: what has been found against the object before. */
  validate(object: ApiObject, old?: ApiObject, earlier?: readonly FieldError[]): FieldError[];
}

export interface Resource extends ResourceType {
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly Verb[];
  /** Name of the table that holds the objects; two views on one storage share it. */
  readonly table: string;
  readonly subresources: readonly Subresource[];
  readonly strategy: Strategy;
  /** When objects are stored in another shape than this resource shows. */
  readonly view?: {
    readonly fromStored: (object: ApiObject) => ApiObject;
    readonly toStored: (object: ApiObject) => ApiObject;
  };
  readonly custom?: CustomRules;
  /** Each answer warns with this. */
  readonly deprecation?: string;
}

/** A strategy with nothing special but what is given. */
export function strategyOf(rules: Partial<Strategy>): Strategy {
  return {
    generation: 'none',
    createOnUpdate: false,
    unconditionalUpdate: true,
    orphanByDefault: false,
    statusMembers: [],
    statusKeepsLabels: false,
    statusAtCreate: false,
    fields: {},
    ...rules,
  };
}

export type ResourceNames = Pick<
  Resource,
  'shortNames' | 'categories' | 'subresources' | 'verbs' | 'view' | 'table' | 'deprecation'
>;

/** Defines a built-in resource; what is not given is as usual. */
export function defineResource(
  type: ResourceType,
  rules: Partial<Strategy>,
  names: Partial<ResourceNames> = {},
): Resource {
  return {
    ...type,
    singular: type.kind.toLowerCase(),
    listKind: `${type.kind}List`,
    shortNames: [],
    categories: [],
    verbs: allVerbs,
    table: type.group === '' ? type.plural : `${type.plural}.${type.group}`,
    subresources: [],
    strategy: strategyOf(rules),
    ...names,
  };
}

/** The usual `/status`. */
export function statusOf(type: ResourceType): Subresource {
  return { name: 'status', kind: type.kind, verbs: ['get', 'patch', 'update'] };
}

/** `/scale` of what wants a number of replicas. */
export const scaleSubresource: Subresource = {
  name: 'scale',
  kind: 'Scale',
  group: 'autoscaling',
  version: 'v1',
  verbs: ['get', 'patch', 'update'],
};

/** `batch/v1`, Job: for calls that take the names of a kind. */
export function kindOf(resource: ResourceType): { group: string; version: string; kind: string } {
  return { group: resource.group, version: resource.version, kind: resource.kind };
}
