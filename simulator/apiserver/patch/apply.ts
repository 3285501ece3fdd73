/**
 * Server-side apply: merge what a manager applies into the live object, take away what it applied before and leaves out
 * now, and refuse what others own with another value. Upstream: structured-merge-diff merge/update.go, apimachinery
 * managedfields; semantics 1.11.
 */
import { quote } from '../../../cron/go-text.ts';
import { nestedDeeper } from '../../../world/nesting.ts';
import { ApiError, badRequest } from '../errors.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import { clone, compareText, equal, isObject, member, sortedNames } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { FieldSet } from './field-set.ts';
import type { ManagedFieldsEntry, Owners, Ownership } from './managed-fields.ts';
import {
  changesBetween,
  entriesOf,
  identifierOf,
  ignoredSet,
  ownable,
  ownersAfterUpdate,
  ownersOf,
  withoutFields,
  withoutManagedFields,
} from './managed-fields.ts';
import { PatchError } from './patch-error.ts';
import { type FieldPath, pathText } from './path-element.ts';
import { typedErrors } from './typed-value.ts';
import { fieldSetOf, mergeValues, removeFields, withNamedFields } from './typed-walk.ts';

export interface AppliedConfiguration {
  /** The stored object; absent when the apply creates it. */
  readonly live?: JsonObject;
  /** What the manager sends: apiVersion, kind, metadata.name and the fields that it wants to own. */
  readonly applied: JsonObject;
  readonly manager: string;
  readonly apiVersion: string;
  /** Takes over fields of other managers. */
  readonly force: boolean;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly structure: Structure;
  readonly subresource?: string;
  /**
   * Top-level fields that this door resets: `status` for the main one, `spec` for the status subresource of most kinds.
   */
  readonly ignored?: readonly string[];
}

const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
const lastAppliedLevelsMax = 1_000;

interface Conflict {
  readonly owner: Ownership;
  readonly path: FieldPath;
}

function ownerText({ manager, operation, apiVersion, subresource }: Ownership): string {
  const through = subresource === undefined ? '' : ` with subresource ${quote(subresource)}`;
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${quote(manager)}${through}${using}`;
}

function conflictError(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${ownerText(owner)}`,
    field: pathText(path),
  }));
  return new ApiError(409, 'Conflict', conflictMessage(conflicts), { causes });
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${ownerText(only.owner)}: ${pathText(only.path)}`;
  }
  const lines: string[] = [];
  let previous: Ownership | undefined;
  for (const { owner, path } of conflicts) {
    if (owner !== previous) lines.push(`conflicts with ${ownerText(owner)}:`);
    lines.push(`- ${pathText(path)}`);
    previous = owner;
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

/** In the order of managers, then of paths. */
function conflictsOf(owners: Owners, applier: string, changed: FieldSet): Conflict[] {
  const others = [...owners].filter(([identifier]) => identifier !== applier);
  others.sort(([one], [other]) => compareText(one, other));
  return others.flatMap(([, owner]) =>
    owner.set
      .intersection(changed)
      .paths()
      .map((path) => ({ owner, path })),
  );
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** `batch/v1, Kind=Job`; `/v1, Kind=Pod` */
function kindText(applied: JsonObject): string {
  const version = text(applied.apiVersion);
  return `${version.includes('/') ? version : `/${version}`}, Kind=${text(applied.kind)}`;
}

/** `default/a; batch/v1, Kind=Job` */
function objectText(applied: JsonObject): string {
  const metadata = isObject(applied.metadata) ? applied.metadata : {};
  return `${text(metadata.namespace)}/${text(metadata.name)}; ${kindText(applied)}`;
}

function checkApplied({ applied, apiVersion, structure }: AppliedConfiguration): void {
  if (applied.apiVersion !== apiVersion) {
    throw badRequest(`invalid object type: ${kindText(applied)}`);
  }
  const metadata = isObject(applied.metadata) ? applied.metadata : {};
  if (metadata.managedFields !== undefined && metadata.managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const errors = typedErrors(applied, structure);
  if (errors.length === 0) return;
  const all = errors.length === 1 ? errors[0] : ['errors:', ...errors.map((error) => `  ${error}`)].join('\n');
  throw new PatchError(500, '', `failed to create typed patch object (${objectText(applied)}): ${all}`);
}

/** Takes away what the manager owned alone and names no more. Upstream: Updater.prune. */
function pruned(
  merged: JsonObject,
  owners: Owners,
  { last, now }: { readonly last: FieldSet; readonly now: FieldSet },
  structure: Structure,
): JsonObject {
  // All that it named it names again.
  if (last.difference(now).isEmpty()) return merged;
  const named = (set: FieldSet): FieldSet => withNamedFields(set, structure);
  const without = (set: FieldSet): JsonObject => {
    const rest = removeFields(merged, set, structure);
    return isObject(rest) ? rest : {};
  };
  const owned = [...owners.values()].reduce((all, { set }) => all.union(set), FieldSet.empty);
  const mergedSet = named(fieldSetOf(merged, structure));
  const bare = named(fieldSetOf(without(named(last)), structure));
  const ownedKept = without(mergedSet.difference(bare.union(named(owned))));
  // What others own below is back; what nobody ever applied was never to go.
  const kept = named(fieldSetOf(ownedKept, structure));
  return without(mergedSet.difference(kept).intersection(named(last)));
}

interface Outcome {
  readonly object: JsonObject;
  readonly owners: Owners;
}

function attempt(configuration: AppliedConfiguration, live: JsonObject, owners: Owners, force: boolean): Outcome {
  const { applied, apiVersion, structure, time, subresource } = configuration;
  const ignored = ignoredSet(configuration.ignored);
  const self = {
    manager: configuration.manager === '' ? 'unknown' : configuration.manager,
    operation: 'Apply',
    apiVersion,
    ...(subresource === undefined || subresource === '' ? {} : { subresource }),
  } as const;
  const identifier = identifierOf(self);
  const previous = owners.get(identifier);
  const set = fieldSetOf(applied, structure).recursiveDifference(ignored);
  const merged = mergeValues(live, applied, structure);
  const withSelf = new Map(owners).set(identifier, { ...self, set });
  const sets = { last: previous?.set ?? FieldSet.empty, now: set };
  const object = pruned(isObject(merged) ? merged : {}, withSelf, sets, structure);
  const changes = changesBetween(live, object, structure, ignored);
  const changed = changes.modified.union(changes.added);
  const conflicts = conflictsOf(owners, identifier, changed);
  if (conflicts.length > 0 && !force) throw new ConflictsFound(conflicts);
  const left = withoutFields(withSelf, identifier, [changed, changes.removed]);
  const own = ownable(set, FieldSet.empty);
  const isUnchanged = equal(live, object);
  const stamp = isUnchanged ? previous?.time : time;
  if (own.isEmpty()) left.delete(identifier);
  else left.set(identifier, { ...self, ...(stamp === undefined ? {} : { time: stamp }), set: own });
  return { object: isUnchanged ? live : object, owners: left };
}

/** Kept apart from the refusal until it is clear that kubectl's own annotation does not excuse them. */
class ConflictsFound extends Error {
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    super(conflictMessage(conflicts));
    this.conflicts = conflicts;
  }
}

function annotationsOf(object: JsonObject): JsonObject | undefined {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return isObject(metadata.annotations) ? metadata.annotations : undefined;
}

/**
 * Fields that kubectl applied from the client and nobody has changed since: kubectl's server-side apply may take them
 * over.
 */
function excusedByLastApplied(live: JsonObject, { apiVersion, structure }: AppliedConfiguration): FieldSet {
  const annotation = text(annotationsOf(live)?.[lastAppliedAnnotation]);
  if (annotation === '') return FieldSet.empty;
  let last: unknown;
  try {
    last = JSON.parse(annotation);
  } catch {
    return FieldSet.empty;
  }
  // Within an annotation it may be nested deeper than a body.
  if (nestedDeeper(last, lastAppliedLevelsMax) !== undefined) return FieldSet.empty;
  if (!isObject(last) || last.apiVersion !== apiVersion || typedErrors(last, structure).length > 0) {
    return FieldSet.empty;
  }
  const { added, modified, removed } = changesBetween(last, live, structure, FieldSet.empty);
  return fieldSetOf(last, structure).difference(modified).difference(added).difference(removed);
}

function attemptOrRefuse(configuration: AppliedConfiguration, live: JsonObject, owners: Owners): Outcome {
  try {
    return attempt(configuration, live, owners, configuration.force);
  } catch (error) {
    if (!(error instanceof ConflictsFound)) throw error;
    if (configuration.manager !== 'kubectl') throw conflictError(error.conflicts);
    const excused = excusedByLastApplied(live, configuration);
    const left = error.conflicts.filter(({ path }) => !excused.has(path));
    if (excused.isEmpty() || left.length > 0) throw conflictError(left.length > 0 ? left : error.conflicts);
    return attempt(configuration, live, owners, true);
  }
}

/** kubectl's annotation follows its server-side apply, so that client-side apply can be taken up again. */
function withLastApplied(object: JsonObject, { applied, manager, subresource }: AppliedConfiguration): JsonObject {
  if (manager !== 'kubectl' || subresource) return object;
  const annotations = annotationsOf(object);
  if (annotations === undefined || member(annotations, lastAppliedAnnotation) === undefined) return object;
  const copy = clone(object);
  const kept = annotationsOf(copy);
  const sent = clone(applied);
  const sentAnnotations = annotationsOf(sent);
  if (sentAnnotations !== undefined) delete sentAnnotations[lastAppliedAnnotation];
  if (kept !== undefined) kept[lastAppliedAnnotation] = `${JSON.stringify(inNameOrder(sent))}\n`;
  return copy;
}

function inNameOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inNameOrder);
  if (!isObject(value)) return value;
  return Object.fromEntries(sortedNames(value).map((name) => [name, inNameOrder(value[name] ?? null)]));
}

/** An object that was written without tracking is owned by `before-first-apply` from its first apply on. */
function trackedOwners(configuration: AppliedConfiguration, live: JsonObject, hasLive: boolean): Owners {
  const owners = ownersOf(configuration.live);
  if (owners.size > 0 || !hasLive) return owners;
  const { apiVersion, kind } = configuration.applied;
  return ownersAfterUpdate(owners, {
    ...configuration,
    before: { apiVersion: apiVersion ?? '', kind: kind ?? '' },
    after: live,
    manager: 'before-first-apply',
  });
}

/**
 * The object after the apply, with its managedFields; defaulting and validation are the caller's.
 * @throws ApiError 409 with one cause a field when others own fields with another value, 400 for a wrong apiVersion or
 * managedFields in the patch; PatchError 500 (as the real server) for fields that the structure lacks and elements
 * without their key.
 */
export function applyConfiguration(configuration: AppliedConfiguration): JsonObject {
  checkApplied(configuration);
  const { apiVersion, kind } = configuration.applied;
  const empty: JsonObject = { apiVersion: apiVersion ?? '', kind: kind ?? '' };
  const live = configuration.live === undefined ? empty : withoutManagedFields(configuration.live);
  const owners = trackedOwners(configuration, live, configuration.live !== undefined);
  const outcome = attemptOrRefuse(configuration, live, owners);
  const object = { ...withLastApplied(outcome.object, configuration) };
  const entries: ManagedFieldsEntry[] = entriesOf(outcome.owners);
  if (entries.length > 0) {
    const metadata = isObject(object.metadata) ? object.metadata : {};
    object.metadata = { ...metadata, managedFields: entries as unknown as Json[] };
  }
  return object;
}
