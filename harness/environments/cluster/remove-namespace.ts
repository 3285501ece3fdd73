/**
 * Takes a namespace away that a scenario leaves behind: its operator is gone, so nobody else lets go of the Jobs that
 * it held.
 */
import { reportFinalizer } from '../../../fabric/task/labels.ts';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Job, Namespace, Pod } from '../../../kubernetes/objects.ts';
import { jobs, namespaces, pods } from '../../../kubernetes/resources.ts';
import { type Clock, DeadlineExceededError } from '../../../world/clock.ts';

const POLL_MS = 500;
const DEADLINE_MS = 180_000;

/** Resolves when the namespace is gone; one that is not there is gone. */
export async function removeNamespace(client: KubernetesClient, clock: Clock, name: string): Promise<void> {
  await ignoringAbsence(client.delete(namespaces, undefined, name));
  for (const end = clock.now() + DEADLINE_MS; await isThere(client, name); await clock.sleep(POLL_MS)) {
    if (clock.now() >= end) throw new DeadlineExceededError(`the end of the namespace ${name}`, DEADLINE_MS);
    await letGo(client, name);
  }
}

/** Names of the namespaces with these labels. */
export async function namespacesWith(
  client: KubernetesClient,
  labels: Readonly<Record<string, string>>,
): Promise<string[]> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { items } = await client.list<Namespace>(namespaces, { labelSelector });
  return items.flatMap(({ metadata }) => metadata?.name ?? []);
}

/** Lets go of held Jobs, and of pods that would take their time to end. */
export async function letGo(client: KubernetesClient, namespace: string): Promise<void> {
  const held = await client.list<Job>(jobs, { namespace });
  for (const { metadata } of held.items.filter((job) => job.metadata?.finalizers?.includes(reportFinalizer))) {
    const finalizers = metadata?.finalizers?.filter((each) => each !== reportFinalizer);
    const patch = { metadata: { finalizers: finalizers?.length ? finalizers : null } };
    await ignoringAbsence(client.patch(jobs, namespace, metadata?.name ?? '', 'merge', patch));
  }
  const running = await client.list<Pod>(pods, { namespace });
  for (const { metadata } of running.items) {
    await ignoringAbsence(client.delete(pods, namespace, metadata?.name ?? '', { gracePeriodSeconds: 0 }));
  }
}

async function isThere(client: KubernetesClient, name: string): Promise<boolean> {
  try {
    await client.get(namespaces, undefined, name);
    return true;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return false;
    throw error;
  }
}

/** What is gone already need not be removed. */
export async function ignoringAbsence(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!hasReason(error, 'NotFound')) throw error;
  });
}
