/**
 * Who owns which field: metadata.managedFields, and what an ordinary write does to it. Upstream: apimachinery
 * managedfields (a chain of managers around structured-merge-diff's Updater); semantics 1.11.
 */
import type { Json, JsonObject } from '../schema/json.ts';
import { compareText, isObject } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import type { Comparison } from './comparison.ts';
import { compareInGoShape } from './comparison.ts';
import { FieldSet } from './field-set.ts';

/** One entry of metadata.managedFields. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** RFC 3339, whole seconds. */
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: JsonObject;
  readonly subresource?: string;
}

/** An entry with its set decoded; entries of one `identifier` are one manager. */
export interface Ownership {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly set: FieldSet;
}

export type Owners = ReadonlyMap<string, Ownership>;

const maximumUpdateManagers = 10;

/** Fields that are never owned. */
const unowned = FieldSet.of(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
);

/** What makes two entries one manager; the API version counts for updates only. */
export function identifierOf(owner: Omit<Ownership, 'set' | 'time'>): string {
  const { manager, operation, apiVersion, subresource } = owner;
  return JSON.stringify({
    manager,
    operation,
    ...(operation === 'Update' ? { apiVersion } : {}),
    ...(subresource === undefined || subresource === '' ? {} : { subresource }),
  });
}

/** The owners that entries name, by the frozen list that holds these. */
const decoded = new WeakMap<object, Owners>();

/** The decoded entries; undefined when there are none or one is malformed. */
function decode(entries: unknown): Owners | undefined {
  if (!Array.isArray(entries) || entries.length === 0) return undefined;
  const known = decoded.get(entries);
  if (known !== undefined) return known;
  const owners = decodeEach(entries);
  // Only of a stored object: what is frozen by itself may hold what is not.
  if (owners !== undefined && isDeeplyFrozen(entries)) decoded.set(entries, owners);
  return owners;
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

function decodeEach(entries: readonly unknown[]): Owners | undefined {
  const owners = new Map<string, Ownership>();
  for (const entry of entries) {
    if (!isObject(entry)) return undefined;
    const { manager, operation, apiVersion, fieldsType, fieldsV1, time, subresource } = entry;
    if ((operation !== 'Apply' && operation !== 'Update') || fieldsType !== 'FieldsV1') return undefined;
    if (typeof apiVersion !== 'string' || apiVersion === '') return undefined;
    const owner: Ownership = {
      manager: typeof manager === 'string' ? manager : '',
      operation,
      apiVersion,
      ...(typeof subresource === 'string' && subresource !== '' ? { subresource } : {}),
      ...(typeof time === 'string' ? { time } : {}),
      set: FieldSet.fromFieldsV1(fieldsV1),
    };
    owners.set(identifierOf(owner), owner);
  }
  return owners;
}

function metadataOf(object: JsonObject | undefined): JsonObject {
  return isObject(object?.metadata) ? object.metadata : {};
}

/** The owners that an object names. */
export function ownersOf(object: JsonObject | undefined): Owners {
  return decode(metadataOf(object).managedFields) ?? new Map();
}

function compareOwners(one: Ownership, other: Ownership): number {
  const text = one.operation === other.operation ? 0 : compareText(one.operation, other.operation);
  if (text !== 0) return text;
  const seconds = (owner: Ownership): number => (owner.time === undefined ? 0 : Date.parse(owner.time));
  return (
    (one.time === other.time ? 0 : seconds(one) - seconds(other)) ||
    compareText(one.manager, other.manager) ||
    compareText(one.apiVersion, other.apiVersion) ||
    compareText(one.subresource ?? '', other.subresource ?? '')
  );
}

/** Entries that were written, by their owner: most owners stay as they are at a write. */
const written = new WeakMap<Ownership, ManagedFieldsEntry>();

function entryOf(owner: Ownership): ManagedFieldsEntry {
  let entry = written.get(owner);
  if (entry === undefined) {
    entry = Object.freeze({
      ...(owner.manager === '' ? {} : { manager: owner.manager }),
      operation: owner.operation,
      apiVersion: owner.apiVersion,
      ...(owner.time === undefined ? {} : { time: owner.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: owner.set.toFieldsV1(),
      ...(owner.subresource === undefined ? {} : { subresource: owner.subresource }),
    } as const);
    written.set(owner, entry);
  }
  return entry;
}

/** Entries in the server's order: applies before updates, older before newer. The list is frozen. */
export function entriesOf(owners: Owners): ManagedFieldsEntry[] {
  const entries = [...owners.values()].sort(compareOwners).map(entryOf);
  Object.freeze(entries);
  decoded.set(entries, owners);
  return entries;
}

/** The object without managedFields; the rest is shared. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  if (!isObject(object.metadata)) return object;
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The set without what a write through this door cannot change, and without what nobody owns. */
export function ownable(set: FieldSet, ignored: FieldSet): FieldSet {
  return set.recursiveDifference(ignored).difference(unowned);
}

const ignoredSets = new Map<string, FieldSet>();

export function ignoredSet(names: readonly string[] | undefined): FieldSet {
  if (names === undefined || names.length === 0) return FieldSet.empty;
  const key = names.join();
  let set = ignoredSets.get(key);
  if (set === undefined) {
    set = FieldSet.of(...names.map((name) => [`f:${name}`]));
    ignoredSets.set(key, set);
  }
  return set;
}

/**
 * How a stored object becomes another, in the shape that the real server compares; fields of `ignored` are left out.
 */
export function changesBetween(before: Json, after: Json, structure: Structure, ignored: FieldSet): Comparison {
  const { added, modified, removed } = compareInGoShape(before, after, structure);
  return {
    added: added.recursiveDifference(ignored),
    modified: modified.recursiveDifference(ignored),
    removed: removed.recursiveDifference(ignored),
  };
}

/** Takes `taken` from every owner but `except`; owners of nothing go. */
export function withoutFields(owners: Owners, except: string, taken: readonly FieldSet[]): Map<string, Ownership> {
  const left = new Map<string, Ownership>();
  for (const [identifier, owner] of owners) {
    const set = identifier === except ? owner.set : taken.reduce((rest, gone) => rest.difference(gone), owner.set);
    if (!set.isEmpty()) left.set(identifier, set === owner.set ? owner : { ...owner, set });
  }
  return left;
}

/** With more than ten updating managers, the oldest become one called `ancient-changes` for each API version. */
function capped(owners: Map<string, Ownership>): Map<string, Ownership> {
  const updaters = [...owners].filter(([, owner]) => owner.operation === 'Update');
  let excess = updaters.length - maximumUpdateManagers;
  if (excess <= 0) return owners;
  const seconds = (owner: Ownership): number => (owner.time === undefined ? 0 : Date.parse(owner.time));
  updaters.sort(([one, left], [other, right]) => seconds(left) - seconds(right) || compareText(one, other));
  const firsts = new Map<string, string>();
  for (const [identifier, owner] of updaters) {
    if (excess <= 0) break;
    const first = firsts.get(owner.apiVersion);
    if (first === undefined) {
      firsts.set(owner.apiVersion, identifier);
      continue;
    }
    const bucket = { manager: 'ancient-changes', operation: 'Update', apiVersion: owner.apiVersion } as const;
    const key = identifierOf(bucket);
    const gathered = owners.get(key) ?? owners.get(first);
    if (!owners.has(key)) owners.delete(first);
    owners.delete(identifier);
    owners.set(key, {
      ...bucket,
      ...(owner.time === undefined ? {} : { time: owner.time }),
      set: owner.set.union(gathered?.set ?? FieldSet.empty),
    });
    excess -= 1;
  }
  return owners;
}

export interface TrackedUpdate {
  /** The stored object; absent on create. */
  readonly before?: JsonObject;
  /** What a create is compared with: an object in which nobody has set anything yet. */
  readonly empty?: JsonObject;
  /**
   * The object about to be stored, with its defaults and before the kind's own preparation: what the server generates
   * (a Job's selector and labels) is nobody's. Its own managedFields, if any, are the starting point (not for a
   * subresource).
   */
  readonly after: JsonObject;
  /** `fieldManager`, or the first part of User-Agent. */
  readonly manager: string;
  readonly apiVersion: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly structure: Structure;
  readonly subresource?: string;
  /**
   * Top-level fields that this door resets: `status` for the main one, `spec` for the status subresource of most kinds.
   */
  readonly ignored?: readonly string[];
}

/**
 * Writers that send `managedFields: []` (or one empty entry) give up all tracking; unreadable ones count as not sent.
 */
function startingOwners({ before, after, subresource }: TrackedUpdate): Owners {
  const sent = metadataOf(after).managedFields;
  if (subresource === undefined || subresource === '') {
    const isReset =
      Array.isArray(sent) &&
      (sent.length === 0 || (sent.length === 1 && isObject(sent[0]) && Object.keys(sent[0]).length === 0));
    if (isReset) return new Map();
    const owners = decode(sent);
    if (owners !== undefined) return owners;
  }
  return ownersOf(before);
}

/** The owners after a change by one manager: what it changed or added is its own, what it removed is nobody's. */
export function ownersAfterUpdate(
  owners: Owners,
  update: Omit<TrackedUpdate, 'before'> & { before: JsonObject },
): Owners {
  const { manager, apiVersion, time, subresource } = update;
  const ignored = ignoredSet(update.ignored);
  const before = withoutManagedFields(update.before);
  const after = withoutManagedFields(update.after);
  const changes = changesBetween(before, after, update.structure, ignored);
  const changed = changes.modified.union(changes.added);
  const left = withoutFields(owners, '', [changed, changes.removed]);
  const gained = ownable(changed, ignored);
  if (!gained.isEmpty()) {
    const self = {
      manager: manager === '' ? 'unknown' : manager,
      operation: 'Update',
      apiVersion,
      ...(subresource === undefined || subresource === '' ? {} : { subresource }),
    } as const;
    const identifier = identifierOf(self);
    const previous = left.get(identifier)?.set ?? FieldSet.empty;
    // Scaling leaves no time, as on the real server.
    left.set(identifier, { ...self, ...(subresource === 'scale' ? {} : { time }), set: previous.union(gained) });
  }
  return capped(left);
}

/**
 * managedFields of `after`. An object that nobody owned before stays so, as on the real server.
 */
export function trackUpdate(update: TrackedUpdate): ManagedFieldsEntry[] {
  const owners = startingOwners(update);
  if (owners.size === 0 && update.before !== undefined) return [];
  const { apiVersion, kind } = update.after;
  const empty: JsonObject = { ...update.empty, ...(apiVersion ? { apiVersion } : {}), ...(kind ? { kind } : {}) };
  return entriesOf(ownersAfterUpdate(owners, { ...update, before: update.before ?? empty }));
}
