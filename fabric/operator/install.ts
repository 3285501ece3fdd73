/** Brings the CustomResourceDefinitions of Task and TaskPool to a cluster. */
import { hasReason, type KubernetesClient } from '../../kubernetes/client.ts';
import type { CustomResourceDefinition } from '../../kubernetes/objects.ts';
import { customResourceDefinitions } from '../../kubernetes/resources.ts';
import { DeadlineExceededError } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import { definitions } from '../task/crd.ts';

const pollMs = 100;

/**
 * Creates the definitions, or brings those that are there to this version, and waits until the API server serves them:
 * a Task created before that would be refused (semantics 1.16). Rejects with DeadlineExceededError after `deadlineMs`.
 */
export async function installDefinitions(
  world: World,
  client: KubernetesClient,
  options: { readonly deadlineMs?: number } = {},
): Promise<void> {
  const { deadlineMs = 30_000 } = options;
  const until = world.clock.now() + deadlineMs;
  for (const definition of definitions) await apply(client, definition);
  for (const definition of definitions) {
    const name = definition.metadata?.name ?? '';
    while (!(await isEstablished(client, name))) {
      if (world.clock.now() >= until) throw new DeadlineExceededError(`CustomResourceDefinition ${name}`, deadlineMs);
      await world.clock.sleep(pollMs);
    }
  }
}

async function apply(client: KubernetesClient, definition: CustomResourceDefinition): Promise<void> {
  try {
    await client.create<CustomResourceDefinition>(customResourceDefinitions, undefined, definition);
    return;
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
  const name = definition.metadata?.name ?? '';
  const held = await client.get<CustomResourceDefinition>(customResourceDefinitions, undefined, name);
  await client.replace<CustomResourceDefinition>(customResourceDefinitions, { ...held, spec: definition.spec });
}

async function isEstablished(client: KubernetesClient, name: string): Promise<boolean> {
  const held = await client.get<CustomResourceDefinition>(customResourceDefinitions, undefined, name);
  return (held.status?.conditions ?? []).some(({ type, status }) => type === 'Established' && status === 'True');
}
