/**
 * Ends the pods of a Job that is being deleted. Its finalizer keeps the Job, the Job's controller leaves the pods of
 * such a Job alone, and the collector waits for the owner: without this they would run on.
 */
import { hasReason } from '../../../kubernetes/client.ts';
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { pods as podType } from '../../../kubernetes/resources.ts';
import type { Context } from './context.ts';
import type { RunMemory } from './run-book.ts';

/** Asks for the end of every pod that has not been asked yet; what there is of their logs is shipped while they end. */
export async function endPods(context: Context, job: Job, memory: RunMemory): Promise<void> {
  if (memory.facts?.state !== 'CANCELLED') return;
  const pods = await livePods(context, job);
  const running = pods.filter((pod) => !pod.metadata?.deletionTimestamp && !hasEnded(pod));
  await Promise.all(running.map((pod) => endPod(context, pod)));
}

/** The Job's pods as the cluster has them now: the view may not show the newest. */
export async function livePods(context: Context, job: Job): Promise<Pod[]> {
  const { namespace = '', uid = '' } = job.metadata ?? {};
  const labelSelector = `batch.kubernetes.io/controller-uid=${uid}`;
  const { items } = await context.client.list<Pod>(podType, { namespace, labelSelector });
  return items;
}

export function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

async function endPod(context: Context, pod: Pod): Promise<void> {
  const { namespace, name = '', uid } = pod.metadata ?? {};
  try {
    await context.client.delete(podType, namespace, name, uid === undefined ? {} : { preconditions: { uid } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
