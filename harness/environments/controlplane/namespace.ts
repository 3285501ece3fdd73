/** A namespace for one scenario, ready for pods. */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Namespace } from '../../../kubernetes/objects.ts';
import { namespaces, serviceAccounts } from '../../../kubernetes/resources.ts';
import { type Clock, DeadlineExceededError } from '../../../world/clock.ts';

const POLL_MS = 100;
const DEADLINE_MS = 60_000;

/** Resolves when the namespace has its default account, without which the API server refuses pods. */
export async function createNamespace(
  client: KubernetesClient,
  clock: Clock,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const namespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...labels } } };
  await client.create(namespaces, undefined, namespace);
  for (const end = clock.now() + DEADLINE_MS; !(await hasAccount(client, name)); await clock.sleep(POLL_MS)) {
    if (clock.now() >= end) throw new DeadlineExceededError(`the default service account of ${name}`, DEADLINE_MS);
  }
}

async function hasAccount(client: KubernetesClient, namespace: string): Promise<boolean> {
  try {
    await client.get(serviceAccounts, namespace, 'default');
    return true;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return false;
    throw error;
  }
}
