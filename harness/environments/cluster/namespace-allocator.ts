/**
 * The namespaces in which scenarios are played: some of the run's own, made and removed, or one that is given, which is
 * all that is then touched. A given one has to be empty of what scenarios make, since that is what is removed between
 * them.
 */
import { taskPools, tasks } from '../../../fabric/task/task.ts';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { KubernetesObject, Namespace } from '../../../kubernetes/objects.ts';
import { cronJobs, jobs, namespaces, pods, type ResourceType } from '../../../kubernetes/resources.ts';
import { type Clock, DeadlineExceededError } from '../../../world/clock.ts';
import { createNamespace } from '../controlplane/namespace.ts';
import { ignoringAbsence, letGo, namespacesWith, removeNamespace } from './remove-namespace.ts';

export interface NamespaceAllocator {
  claim(namespace: string): Promise<void>;
  release(namespace: string): Promise<void>;
  /** Resolves when nothing of the run is left. */
  end(): Promise<void>;
}

export interface NamespaceAllocatorOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** The run's, on all that it makes. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of each namespace that is made. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Kinds of what is deployed. */
  readonly deployedTypes: readonly ResourceType[];
}

interface Where {
  readonly namespace: string;
  readonly labelSelector?: string;
}

/** What scenarios and the operator make, in the order in which it is removed. */
const MADE: readonly ResourceType[] = [tasks, taskPools, cronJobs, jobs, pods];
const POLL_MS = 500;
const DEADLINE_MS = 180_000;

export class NamespaceInUseError extends Error {
  override readonly name = 'NamespaceInUseError';
  readonly namespace: string;
  readonly found: readonly string[];

  constructor(namespace: string, found: readonly string[]) {
    const some = found.slice(0, 3).join(', ') + (found.length > 3 ? ` and ${found.length - 3} more` : '');
    super(
      `the namespace ${namespace} holds ${some}: scenarios would mix with that, and remove it; give one without Tasks, TaskPools, CronJobs, Jobs and pods`,
    );
    this.namespace = namespace;
    this.found = found;
  }
}

export class NoNamespaceError extends Error {
  override readonly name = 'NoNamespaceError';
  readonly namespace: string;

  constructor(namespace: string, cause: unknown) {
    super(
      `the namespace ${namespace} may not be created: have it created, and name it with --namespace; the server says: ${(cause as Error).message}`,
      { cause },
    );
    this.namespace = namespace;
  }
}

/** A namespace for each scenario, removed in the background when it has ended. */
export function ownNamespaces({
  client,
  clock,
  labels,
  namespaceLabels,
}: NamespaceAllocatorOptions): NamespaceAllocator {
  const removals = new Set<Promise<void>>();
  const remove = (namespace: string) => removeNamespace(client, clock, namespace);
  return {
    claim: (namespace) => create(client, clock, namespace, { ...namespaceLabels, ...labels }),
    async release(namespace) {
      // `end` sees to what fails.
      removals.add(remove(namespace).catch(() => undefined));
    },
    async end() {
      await Promise.all(removals);
      for (
        let left = await namespacesWith(client, labels);
        left.length > 0;
        left = await namespacesWith(client, labels)
      ) {
        await Promise.all(left.map(remove));
      }
    },
  };
}

/** The one that is given for all scenarios, one after the other. One that was not there goes at the end. */
export function givenNamespace(namespace: string, options: NamespaceAllocatorOptions): NamespaceAllocator {
  const { client, clock, labels, namespaceLabels } = options;
  let claimed = false;
  let isOurs = false;
  return {
    async claim() {
      if (await isMissing(client, namespace)) {
        await create(client, clock, namespace, { ...namespaceLabels, ...labels });
        isOurs = true;
      } else if (!claimed) {
        const found = await madeIn(options, namespace);
        if (found.length > 0) throw new NamespaceInUseError(namespace, found);
      }
      claimed = true;
    },
    async release() {
      if (claimed) await empty(options, namespace);
    },
    async end() {
      if (isOurs) await removeNamespace(client, clock, namespace);
      else if (claimed) await empty(options, namespace);
    },
  };
}

async function create(
  client: KubernetesClient,
  clock: Clock,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  await createNamespace(client, clock, namespace, labels).catch((error: unknown) => {
    throw hasReason(error, 'Forbidden') ? new NoNamespaceError(namespace, error) : error;
  });
}

/** Who has rights in one namespace only may not be let see it itself: then it is there. */
async function isMissing(client: KubernetesClient, namespace: string): Promise<boolean> {
  try {
    await client.get<Namespace>(namespaces, undefined, namespace);
    return false;
  } catch (error) {
    if (hasReason(error, 'Forbidden')) return false;
    if (hasReason(error, 'NotFound')) return true;
    throw error;
  }
}

/** Names of what scenarios make and of what of the run's is deployed: `Job hello`. */
async function madeIn(
  { client, labels, deployedTypes }: NamespaceAllocatorOptions,
  namespace: string,
): Promise<string[]> {
  const labelSelector = selectorOf(labels);
  const made = MADE.map((type) => namesOf(client, type, { namespace }));
  const deployed = deployedTypes.map((type) => namesOf(client, type, { namespace, labelSelector }));
  return (await Promise.all([...made, ...deployed])).flat();
}

async function namesOf(client: KubernetesClient, type: ResourceType, where: Where): Promise<string[]> {
  return (await listOf(client, type, where)).map(({ metadata }) => `${type.kind} ${metadata?.name}`);
}

/** Of a kind that is not served, or not yet, there is none. */
async function listOf(client: KubernetesClient, type: ResourceType, where: Where): Promise<KubernetesObject[]> {
  try {
    return (await client.list<KubernetesObject>(type, where)).items;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return [];
    throw error;
  }
}

/** What is deployed goes first: an operator would make new Jobs of Tasks that still are there. */
async function empty(options: NamespaceAllocatorOptions, namespace: string): Promise<void> {
  const { client, clock, labels, deployedTypes } = options;
  const end = clock.now() + DEADLINE_MS;
  for (;;) {
    for (const type of deployedTypes) await deleteAll(client, type, { namespace, labelSelector: selectorOf(labels) });
    for (const type of MADE.filter((each) => each !== pods)) await deleteAll(client, type, { namespace });
    await letGo(client, namespace);
    const left = await madeIn(options, namespace);
    if (left.length === 0) return;
    if (clock.now() >= end)
      throw new DeadlineExceededError(`the end of ${left.join(', ')} in ${namespace}`, DEADLINE_MS);
    await clock.sleep(POLL_MS);
  }
}

async function deleteAll(client: KubernetesClient, type: ResourceType, where: Where): Promise<void> {
  for (const { metadata } of await listOf(client, type, where)) {
    if (metadata?.deletionTimestamp !== undefined) continue;
    const removed = client.delete(type, where.namespace, metadata?.name ?? '', { propagationPolicy: 'Background' });
    await ignoringAbsence(removed);
  }
}

function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
