/**
 * What the newest ReplicaSet of a Deployment is annotated with. Pure. Source: Kubernetes'
 * `SetNewReplicaSetAnnotations`.
 */

import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import {
  desiredReplicasKey,
  maximumReplicasKey,
  maximumSurge,
  replicasOf,
  revisionHistoryKey,
  revisionIn,
  revisionKey,
  rollbackKey,
} from './facts.ts';

type Annotations = Readonly<Record<string, string>>;

/** Annotations of a Deployment that are its own. */
const notCopied: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionKey,
  revisionHistoryKey,
  desiredReplicasKey,
  maximumReplicasKey,
  rollbackKey,
]);

/** About 100 revisions. */
const historyCharacters = 2000;

/** The set's annotations as they should be: those of the Deployment, and the revision if it has grown. */
export function annotationsFor(deployment: Deployment, present: Annotations, revision: bigint): Annotations {
  const copied = Object.entries(deployment.metadata?.annotations ?? {}).filter(([key]) => !notCopied.has(key));
  const next = { ...present, ...Object.fromEntries(copied) };
  const before = present[revisionKey] ?? '';
  const known = before === '' ? 0n : revisionIn(before);
  if (known === undefined || known >= revision) return next;
  const history = before === '' ? undefined : historyWith(present[revisionHistoryKey] ?? '', before);
  return {
    ...next,
    [revisionKey]: String(revision),
    ...(history === undefined ? {} : { [revisionHistoryKey]: history }),
  };
}

/** The oldest are dropped to make room; undefined if there is none even so. */
function historyWith(history: string, revision: string): string | undefined {
  if (history === '') return revision;
  const kept = history.split(',');
  while (kept.length > 0 && [...kept, revision].join(',').length > historyCharacters) kept.shift();
  return [...kept, revision].join(',');
}

/** How many pods are wanted and how many there may be at most, for later proportions. */
export function replicaAnnotations(deployment: Deployment): Annotations {
  const wanted = replicasOf(deployment);
  return { [desiredReplicasKey]: String(wanted), [maximumReplicasKey]: String(wanted + maximumSurge(deployment)) };
}

export function hasAnnotations(set: ReplicaSet, wanted: Annotations): boolean {
  const present = set.metadata?.annotations ?? {};
  return Object.entries(wanted).every(([key, value]) => ownMember(present, key) === value);
}

/** The Deployment's own annotations, and those of the set that it goes back to. */
export function annotationsAfterRollback(deployment: Deployment, set: ReplicaSet): Annotations {
  const own = Object.entries(deployment.metadata?.annotations ?? {}).filter(([key]) => notCopied.has(key));
  const others = Object.entries(set.metadata?.annotations ?? {}).filter(([key]) => !notCopied.has(key));
  return Object.fromEntries([...own, ...others]);
}
