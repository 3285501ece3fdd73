/** What a namespace that is being deleted says about itself (semantics 5.3). Pure. */
import type { Namespace } from '../../../kubernetes/objects.ts';

export type NamespaceCondition = NonNullable<NonNullable<Namespace['status']>['conditions']>[number];

/** What is left after an attempt to delete everything. */
export interface Remains {
  /** `pods.`, `jobs.batch`: plural and group with a dot between, and how many. */
  readonly byResource: ReadonlyMap<string, number>;
  readonly byFinalizer: ReadonlyMap<string, number>;
  readonly errors: readonly string[];
}

interface Fact {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** The conditions while all is well, False each. */
const well: readonly Fact[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    reason: 'ResourcesDiscovered',
    message: 'All resources successfully discovered',
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    reason: 'ParsedGroupVersions',
    message: 'All legacy kube types successfully parsed',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    reason: 'ContentDeleted',
    message: 'All content successfully deleted, may be waiting on finalization',
  },
  { type: 'NamespaceContentRemaining', reason: 'ContentRemoved', message: 'All content successfully removed' },
  {
    type: 'NamespaceFinalizersRemaining',
    reason: 'ContentHasNoFinalizers',
    message: 'All content-preserving finalizers finished',
  },
];

/** The conditions after an attempt. The time of transition moves only where True and False change. */
export function conditionsAfter(
  before: readonly NamespaceCondition[],
  remains: Remains,
  nowMs: number,
): NamespaceCondition[] {
  const now = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  const troubles = troublesOf(remains);
  const known = new Set(well.map(({ type }) => type));
  const conditions = well.map((fact): NamespaceCondition => {
    const trouble = troubles.find(({ type }) => type === fact.type);
    const status = trouble ? 'True' : 'False';
    const old = before.find(({ type }) => type === fact.type);
    const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? now) : now;
    return { ...(trouble ?? fact), status, lastTransitionTime };
  });
  return [...before.filter(({ type }) => !known.has(type)), ...conditions];
}

function troublesOf({ byResource, byFinalizer, errors }: Remains): Fact[] {
  const troubles: Fact[] = [];
  if (errors.length > 0) {
    const message = `Failed to delete all resource types, ${errors.length} remaining: ${errors.toSorted().join(', ')}`;
    troubles.push({ type: 'NamespaceDeletionContentFailure', reason: 'ContentDeletionFailed', message });
  }
  if (byResource.size > 0) {
    const counts = [...byResource].map(([resource, count]) => `${resource} has ${count} resource instances`);
    const message = `Some resources are remaining: ${counts.toSorted().join(', ')}`;
    troubles.push({ type: 'NamespaceContentRemaining', reason: 'SomeResourcesRemain', message });
  }
  if (byFinalizer.size > 0) {
    const counts = [...byFinalizer].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
    const message = `Some content in the namespace has finalizers remaining: ${counts.toSorted().join(', ')}`;
    troubles.push({ type: 'NamespaceFinalizersRemaining', reason: 'SomeFinalizersRemain', message });
  }
  return troubles;
}
