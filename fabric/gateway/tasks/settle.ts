/**
 * Settles records of which the gateway alone knows and nobody tells any more: it was killed between a record and its
 * Task, the cluster's answer was lost, or a Task was deleted before the operator had seen it. Such a record goes on
 * when its Task is there, and ends when it is not: a Task that was never acknowledged is not made later, behind the
 * back of whoever has asked again.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Job } from '../../../kubernetes/objects.ts';
import { jobs } from '../../../kubernetes/resources.ts';
import { isTaskState, isTerminal, type Task, tasks } from '../../task/index.ts';
import type { Gateway } from '../settings.ts';
import type { Stored } from '../stores/store.ts';
import { onceRecord } from './cluster-tasks.ts';
import { creationOf } from './create.ts';
import type { StoredRecord } from './record.ts';

/**
 * A record is left alone for so long: another gateway may be about to make its Task, the operator about to report it.
 */
const patienceMs = 45_000;
const intervalMs = 60_000;
/** While a record waits to be settled. */
const shortIntervalMs = 10_000;

/** Settles what it finds at once and from time to time, until the signal is aborted. */
export async function keepSettled(gateway: Gateway, client: KubernetesClient, signal: AbortSignal): Promise<void> {
  const { world } = gateway;
  const settler = new Settler(gateway, client);
  while (!signal.aborted) {
    const remain = await settler.round().catch((error: unknown) => {
      world.log.warn('records cannot be settled at the moment', { error: String(error) });
      return 1;
    });
    await world.clock.sleep(remain > 0 ? shortIntervalMs : intervalMs, signal).catch(() => undefined);
  }
}

class Settler {
  readonly #gateway: Gateway;
  readonly #client: KubernetesClient;
  /** Since when a Task has been seen to be gone, by the id of its record. */
  #goneSince = new Map<string, number>();

  constructor(gateway: Gateway, client: KubernetesClient) {
    this.#gateway = gateway;
    this.#client = client;
  }

  /** Looks at each unsettled record once; how many there were. */
  async round(): Promise<number> {
    const now = this.#gateway.world.clock.now();
    const unsettled = await this.#gateway.records.unsettled();
    const due = unsettled.filter(({ document }) => (document.updatedAt ?? 0) + patienceMs <= now);
    const gone = new Map<string, number>();
    const present = await this.#tasksOf(due);
    for (const stored of due) {
      const task = present.find((each) => isTaskOf(each, stored.document));
      if (await this.#settle(stored, task, now)) gone.set(stored.id, this.#goneSince.get(stored.id) ?? now);
    }
    this.#goneSince = gone;
    return unsettled.length;
  }

  async #tasksOf(due: readonly Stored<StoredRecord>[]): Promise<Task[]> {
    const found: Task[] = [];
    for (const namespace of new Set(due.map(({ document }) => document.namespace ?? this.#gateway.namespace))) {
      found.push(...(await this.#client.list<Task>(tasks, { namespace })).items);
    }
    return found;
  }

  /** True when the Task is gone and its record has to wait a little longer. */
  async #settle(stored: Stored<StoredRecord>, task: Task | undefined, now: number): Promise<boolean> {
    const { records } = this.#gateway;
    const { id, document: record } = stored;
    if (await records.isTakenOver(stored)) {
      await records.forget(id);
    } else if (task) {
      await this.#goOn(stored, task, now);
    } else if (record.taskUid === undefined) {
      await this.#end(
        stored,
        'FAILED',
        'NotSubmitted: the gateway was ended, or lost the cluster, before the task was made',
      );
    } else if (!(await this.#hasJob(record))) {
      if (now < (this.#goneSince.get(id) ?? now) + patienceMs) return true;
      await this.#end(stored, 'CANCELLED', 'Deleted');
    }
    return false;
  }

  /**
   * The operator reports what follows; of a Task that keeps its records in the cluster nobody does, so its own status
   * counts.
   */
  async #goOn({ id, document: record }: Stored<StoredRecord>, task: Task, now: number): Promise<void> {
    const { records, world } = this.#gateway;
    if (record.taskUid === undefined) {
      await records.submitted(id, task.metadata?.uid ?? '');
      world.log.info('the task of a record was found', { task: record.name });
      return;
    }
    const { state, startTime, endTime = now, exitCode, statusReason } = onceRecord(task);
    if (!isTaskState(state) || !isTerminal(state) || endTime + patienceMs > now) return;
    await records.end(id, { state, startTime, endTime, exitCode, statusReason });
  }

  async #end({ id, document: record }: Stored<StoredRecord>, state: string, statusReason: string): Promise<void> {
    await this.#gateway.records.end(id, { state, statusReason });
    this.#gateway.world.log.warn('a record has ended without its task', { task: record.name, state, statusReason });
  }

  /** A Job that outlives its Task is still to be reported. */
  async #hasJob({ namespace, name, taskUid }: StoredRecord): Promise<boolean> {
    try {
      const job = await this.#client.get<Job>(jobs, namespace, name);
      return job.metadata?.ownerReferences?.some(({ uid }) => uid === taskUid) === true;
    } catch (error) {
      if (hasReason(error, 'NotFound')) return false;
      throw error;
    }
  }
}

function isTaskOf(task: Task, { name, taskUid, creation }: StoredRecord): boolean {
  if (taskUid !== undefined) return task.metadata?.uid === taskUid;
  return task.metadata?.name === name && creation !== undefined && creationOf(task) === creation;
}
