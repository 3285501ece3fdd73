/** Logs of runs that are in the cluster still, read from their pods. */
import { ApiStatusError, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Pod } from '../../../kubernetes/objects.ts';
import { pods } from '../../../kubernetes/resources.ts';
import { Problem } from '../../http/index.ts';
import { isTaskState, isTerminal, taskContainer } from '../../task/index.ts';
import type { Gateway } from '../settings.ts';
import { find } from '../tasks/find.ts';
import type { StoredRecord } from '../tasks/record.ts';
import { Attempts } from './attempts.ts';

const controllerUidLabel = 'batch.kubernetes.io/controller-uid';
const pollMs = 1_000;

export function hasEnded(record: StoredRecord): boolean {
  return isTaskState(record.state) && isTerminal(record.state);
}

/** The pods of a run whose container has begun, in the order of its attempts. */
export async function startedPods(client: KubernetesClient, record: StoredRecord): Promise<Pod[]> {
  if (record.uid === undefined) return [];
  const labelSelector = `${controllerUidLabel}=${record.uid}`;
  const { items } = await client.list<Pod>(pods, { namespace: record.namespace, labelSelector });
  const started = items.filter(hasBegun);
  return started.sort(
    (left, right) => compare(createdOf(left), createdOf(right)) || compare(nameOf(left), nameOf(right)),
  );
}

function hasBegun(pod: Pod): boolean {
  return (pod.status?.containerStatuses ?? []).some((status) => status.state?.running || status.state?.terminated);
}

/** Opens the log of a pod's container; undefined when there is none (any more, or yet). */
export async function openPodLog(
  client: KubernetesClient,
  pod: Pod,
  follow: boolean,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<Buffer> | undefined> {
  try {
    return await client.log(
      pod.metadata?.namespace ?? '',
      nameOf(pod),
      { container: containerOf(pod), follow },
      signal,
    );
  } catch (error) {
    if (error instanceof ApiStatusError) return undefined;
    throw error;
  }
}

function containerOf(pod: Pod): string | undefined {
  const names = pod.spec?.containers.map((container) => container.name) ?? [];
  return names.includes(taskContainer) ? taskContainer : names[0];
}

/**
 * What a run prints, attempt by attempt, until it has ended: waits for its pods, and reads on after a break of a stream
 * without repeating what was read. Ends when the record has an end state and all that the pods hold was read.
 */
export async function* followRun(
  gateway: Gateway,
  client: KubernetesClient,
  record: StoredRecord,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const done = new Map<string, number>();
  const closed = new Set<string>();
  const attempts = new Attempts();
  for (let known = record; !signal.aborted; ) {
    const isLast = hasEnded(known);
    const open = (await startedPods(client, known)).filter((pod) => !closed.has(nameOf(pod)));
    for (const pod of open) {
      const name = nameOf(pod);
      const isWhole = yield* readPod(client, pod, { done, attempts }, signal);
      if (isWhole && pod.status?.containerStatuses?.every((status) => status.state?.terminated)) closed.add(name);
    }
    if (isLast) return;
    await gateway.world.clock.sleep(pollMs, signal);
    known = (await currentRecord(gateway, record)) ?? known;
  }
}

/** What the pods have printed until now, attempt by attempt. */
export async function* printedSoFar(
  client: KubernetesClient,
  started: readonly Pod[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const attempts = new Attempts();
  for (const pod of started) {
    const stream = await openPodLog(client, pod, false, signal);
    if (!stream) continue;
    for await (const chunk of stream) {
      const separator = Buffer.from(attempts.before(nameOf(pod), chunk));
      yield separator.length > 0 ? Buffer.concat([separator, chunk]) : chunk;
    }
  }
}

/** The record as it is now; undefined when its task is gone. */
async function currentRecord(gateway: Gateway, record: StoredRecord): Promise<StoredRecord | undefined> {
  if (!record.inCluster) return gateway.records.newest(record.projectId, record.name);
  try {
    return (await find(gateway, record.projectId, record.name)).record;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return { ...record, state: 'CANCELLED', status: 'CANCELLED' };
    throw error;
  }
}

/** What was read of a run before. */
interface ReadBefore {
  /** Bytes, by pod. */
  readonly done: Map<string, number>;
  readonly attempts: Attempts;
}

/** Reads one pod's log to its end, without the bytes read before. True when the stream ended by itself. */
async function* readPod(
  client: KubernetesClient,
  pod: Pod,
  { done, attempts }: ReadBefore,
  signal: AbortSignal,
): AsyncGenerator<Buffer, boolean> {
  const name = nameOf(pod);
  try {
    const stream = await openPodLog(client, pod, true, signal);
    if (!stream) return false;
    let toSkip = done.get(name) ?? 0;
    for await (const chunk of stream) {
      const fresh = chunk.subarray(Math.min(toSkip, chunk.length));
      toSkip -= chunk.length - fresh.length;
      done.set(name, (done.get(name) ?? 0) + fresh.length);
      if (fresh.length === 0) continue;
      const separator = Buffer.from(attempts.before(name, fresh));
      yield separator.length > 0 ? Buffer.concat([separator, fresh]) : fresh;
    }
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}

export function nameOf(pod: Pod): string {
  return pod.metadata?.name ?? '';
}

function createdOf(pod: Pod): string {
  return pod.metadata?.creationTimestamp ?? '';
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
