/**
 * The controller's writes to pods, with their events and expectations. Source: Kubernetes' `RealPodControl` and
 * `manageReplicas`.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { keyOf } from '../../../kubernetes/meta.ts';
import type { KubernetesObject, Pod, ReplicaSet } from '../../../kubernetes/objects.ts';
import { pods as podType } from '../../../kubernetes/resources.ts';
import { controllerReference } from './claim.ts';
import type { PodExpectations } from './expectations.ts';
import type { ReplicaKind } from './kind.ts';
import { podFromTemplate } from './pod-template.ts';
import { slowStart } from './slow-start.ts';

/** At most so many pods are made or removed in one sync. */
export const burstReplicas = 500;

/** Where events go: EventRecorder, or a list in a test. */
export interface Events {
  event(object: KubernetesObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
}

export interface PodControl {
  readonly client: KubernetesClient;
  readonly events: Events;
  readonly expectations: PodExpectations;
  readonly kind: ReplicaKind;
}

/** Makes up to `missing` pods. Rejects with the first refusal. */
export async function createPods(control: PodControl, set: ReplicaSet, missing: number): Promise<void> {
  const key = keyOf(set);
  const count = Math.min(missing, burstReplicas);
  control.expectations.expectCreations(key, count);
  const { succeeded, error } = await slowStart(count, () => createOne(control, set));
  if (succeeded < count) control.expectations.creationSeen(key, count - succeeded);
  if (error !== undefined) throw error;
}

/** Removes these pods. Rejects with the first refusal, after all have been tried. */
export async function deletePods(control: PodControl, set: ReplicaSet, pods: readonly Pod[]): Promise<void> {
  const key = keyOf(set);
  control.expectations.expectDeletions(key, pods.map(keyOf));
  const results = await Promise.allSettled(pods.map((pod) => deleteOne(control, set, pod)));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function createOne({ client, events, kind }: PodControl, set: ReplicaSet): Promise<void> {
  const { namespace, name = '' } = set.metadata ?? {};
  const reference = controllerReference(set, kind.type);
  const pod = podFromTemplate(set.spec?.template ?? {}, { namespace, name }, reference);
  try {
    const created = await client.create<Pod>(podType, namespace, pod);
    events.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata?.name}`);
  } catch (error) {
    // Where a namespace is being removed nothing can be created any more: no event, no retry.
    if (isNamespaceTerminating(error)) return;
    events.event(set, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
    throw error;
  }
}

async function deleteOne({ client, events, expectations }: PodControl, set: ReplicaSet, pod: Pod): Promise<void> {
  const { namespace, name = '' } = pod.metadata ?? {};
  try {
    await client.delete(podType, namespace, name);
    events.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  } catch (error) {
    expectations.deletionSeen(keyOf(set), keyOf(pod));
    if (hasReason(error, 'NotFound')) return;
    events.event(set, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`);
    throw new PodDeletionError(keyOf(pod), messageOf(error));
  }
}

/** A pod could not be deleted; the message is the one that stands in the set's condition. */
export class PodDeletionError extends Error {
  override readonly name = 'PodDeletionError';
  readonly pod: string;

  constructor(pod: string, why: string) {
    super(`unable to delete pods: ${why}`);
    this.pod = pod;
  }
}

export function isNamespaceTerminating(error: unknown): boolean {
  if (!hasReason(error, 'Forbidden')) return false;
  return error.status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
