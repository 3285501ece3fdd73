/**
 * Which pods belong to a Job: its own, orphans that its selector matches (adopted), and no longer those whose labels
 * have changed (released). Source: semantics 3.4.
 */

import { hasReason } from '../../../kubernetes/client.ts';
import { controllerOf, isBeingDeleted, keyOf, uidOf } from '../../../kubernetes/meta.ts';
import type { Job, JobSpec, Pod } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import { hasTrackingFinalizer, trackingFinalizer } from './facts.ts';
import type { PodControl } from './pod-control.ts';
import { controllerReference } from './pod-template.ts';

type Selector = NonNullable<JobSpec['selector']>;
type Requirement = NonNullable<Selector['matchExpressions']>[number];

/** Thrown when an orphan cannot be adopted because the Job, read anew, is being deleted or has been replaced. */
export class CannotAdoptError extends Error {
  override readonly name = 'CannotAdoptError';
  readonly job: string;

  constructor(job: Job, why: string) {
    super(`cannot adopt pods for Job ${keyOf(job)}: ${why}`);
    this.job = keyOf(job);
  }
}

/** What to do with a candidate. */
export function claimOf(job: Job, pod: Pod): 'keep' | 'adopt' | 'release' | 'ignore' {
  const owner = controllerOf(pod);
  const matches = matchesSelector(job.spec?.selector, pod.metadata?.labels);
  if (owner !== undefined) {
    if (owner.uid !== uidOf(job)) return 'ignore';
    if (matches) return 'keep';
    return isBeingDeleted(job) ? 'ignore' : 'release';
  }
  return matches && !isBeingDeleted(job) && !isBeingDeleted(pod) ? 'adopt' : 'ignore';
}

/**
 * The pods that the Job keeps. Adopts and releases on the way; `readLive` reads the Job anew before the first adoption.
 * Rejects with the first refusal, after all candidates have been tried.
 */
export async function claimPods(
  job: Job,
  candidates: readonly Pod[],
  pods: PodControl,
  readLive: () => Promise<Job>,
): Promise<Pod[]> {
  const claimed: Pod[] = [];
  const refusals: unknown[] = [];
  let mayAdopt: Promise<void> | undefined;
  for (const pod of candidates) {
    const claim = claimOf(job, pod);
    try {
      if (claim === 'keep') claimed.push(pod);
      if (claim === 'release') await release(job, pod, pods);
      if (claim === 'adopt') {
        mayAdopt ??= readLive().then((live) => checkLive(job, live));
        await mayAdopt;
        claimed.push(await adopt(job, pod, pods));
      }
    } catch (error) {
      // A pod that is gone is nobody's.
      if (!hasReason(error, 'NotFound')) refusals.push(error);
    }
  }
  if (refusals.length > 0) throw refusals[0];
  return claimed;
}

/** An empty selector matches everything, none at all matches nothing. */
export function matchesSelector(
  selector: Selector | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  if (selector === undefined) return false;
  const pairs = Object.entries(selector.matchLabels ?? {});
  return (
    pairs.every(([key, value]) => ownMember(labels, key) === value) &&
    (selector.matchExpressions ?? []).every((requirement) => meets(requirement, ownMember(labels, requirement.key)))
  );
}

function meets({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const listed = value !== undefined && values.includes(value);
  return operator === 'In' ? listed : operator === 'NotIn' && !listed;
}

function checkLive(job: Job, live: Job): void {
  if (uidOf(live) !== uidOf(job)) throw new CannotAdoptError(job, `it has been replaced by ${uidOf(live)}`);
  if (isBeingDeleted(live))
    throw new CannotAdoptError(job, `it has been deleted at ${live.metadata?.deletionTimestamp}`);
}

/** The pod as it is after the adoption: the cache does not show it yet. */
async function adopt(job: Job, pod: Pod, pods: PodControl): Promise<Pod> {
  await pods.patch(pod, { ownerReferences: [controllerReference(job)], finalizers: [trackingFinalizer] });
  if (hasTrackingFinalizer(pod)) return pod;
  const finalizers = [...(pod.metadata?.finalizers ?? []), trackingFinalizer];
  return { ...pod, metadata: { ...pod.metadata, finalizers } };
}

async function release(job: Job, pod: Pod, pods: PodControl): Promise<void> {
  try {
    await pods.patch(pod, {
      ownerReferences: [{ $patch: 'delete', uid: uidOf(job) }],
      '$deleteFromPrimitiveList/finalizers': [trackingFinalizer],
    });
  } catch (error) {
    // Released by somebody else, or another pod of that name.
    if (!hasReason(error, 'Invalid')) throw error;
  }
}
