/** The controller's writes to pods, with their events and expectations. Source: semantics 3.5, 3.6, 3.9. */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { keyOf, uidOf } from '../../../kubernetes/meta.ts';
import type { Job, KubernetesObject, Pod } from '../../../kubernetes/objects.ts';
import { pods as podType } from '../../../kubernetes/resources.ts';
import type { Expectations, ReleaseExpectations } from './expectations.ts';
import { hasTrackingFinalizer, isReady, trackingFinalizer } from './facts.ts';

/** Where events go: EventRecorder, or a list in a test. */
export interface Events {
  event(object: KubernetesObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
}

/** How much of a batch of writes has succeeded, and the first error of the rest. */
export interface PodWrites {
  readonly done: readonly Pod[];
  readonly readyDone: number;
  readonly error?: unknown;
}

/** Upstream's sizes 1, 2, 4 ...: when all creations fail for one reason, few are tried. */
const firstBatchSize = 1;

export class PodControl {
  readonly #client: KubernetesClient;
  readonly #events: Events;
  readonly #expectations: Expectations;
  readonly #releases: ReleaseExpectations;

  constructor(options: {
    readonly client: KubernetesClient;
    readonly events: Events;
    readonly expectations: Expectations;
    readonly releases: ReleaseExpectations;
  }) {
    this.#client = options.client;
    this.#events = options.events;
    this.#expectations = options.expectations;
    this.#releases = options.releases;
  }

  /**
   * Creates in batches that double until one has an error; the rest is left for the next sync. Answers how many count
   * as active.
   */
  async create(job: Job, pods: readonly Pod[]): Promise<{ readonly created: number; readonly error?: unknown }> {
    const key = keyOf(job);
    this.#expectations.expect(key, pods.length, 0);
    let left = pods;
    let created = 0;
    for (let size = firstBatchSize; left.length > 0; size *= 2) {
      const batch = left.slice(0, size);
      left = left.slice(size);
      const errors = (await Promise.all(batch.map((pod) => this.#createOne(job, pod)))).filter(
        (error) => error !== undefined,
      );
      created += batch.length - errors.length;
      if (errors.length > 0) {
        this.#expectations.creationSeen(key, errors.length + left.length);
        return { created, error: errors[0] };
      }
    }
    return { created };
  }

  /** Deletes and keeps the finalizer, so that the pods are counted: for a Job that ends. */
  async deleteKeepingFinalizer(job: Job, pods: readonly Pod[]): Promise<PodWrites> {
    return this.#each(pods, async (pod) => {
      const error = await this.#deleteOne(job, pod);
      if (error !== undefined && !hasReason(error, 'NotFound')) throw error;
    });
  }

  /**
   * Removes the finalizer first, then the pod: it is never counted. For pods that are too many, and for a suspended
   * Job.
   */
  async remove(job: Job, pods: readonly Pod[]): Promise<PodWrites> {
    const key = keyOf(job);
    this.#expectations.expect(key, 0, pods.length);
    return this.#each(pods, async (pod) => {
      const error = (await this.#releaseOne(pod)) ?? (await this.#deleteOne(job, pod));
      if (error === undefined) return;
      this.#expectations.deletionSeen(key);
      if (!hasReason(error, 'NotFound')) throw error;
    });
  }

  /** Removes the tracking finalizer; a pod that is gone counts as done. */
  async release(job: Job, pods: readonly Pod[]): Promise<PodWrites> {
    const key = keyOf(job);
    this.#releases.expect(key, pods.map(uidOf));
    return this.#each(pods, async (pod) => {
      const error = await this.#releaseOne(pod);
      if (error === undefined) return;
      this.#releases.seen(key, uidOf(pod));
      if (!hasReason(error, 'NotFound')) throw error;
    });
  }

  /** Removes the finalizer of a pod whose Job is gone or finished: nothing is expected of it. */
  async releaseOrphan(pod: Pod): Promise<void> {
    const error = await this.#releaseOne(pod);
    if (error !== undefined && !hasReason(error, 'NotFound')) throw error;
  }

  /** A strategic merge patch on the pod, refused if the name has come to mean another pod. */
  async patch(pod: Pod, metadata: Record<string, unknown>): Promise<void> {
    const patch = { metadata: { uid: uidOf(pod), ...metadata } };
    const { namespace, name = '' } = pod.metadata ?? {};
    await this.#client.patch(podType, namespace, name, 'strategic-merge', patch);
  }

  async #each(pods: readonly Pod[], write: (pod: Pod) => Promise<void>): Promise<PodWrites> {
    const results = await Promise.allSettled(pods.map(write));
    const done = pods.filter((_, position) => results[position]?.status === 'fulfilled');
    const failed = results.find((result) => result.status === 'rejected');
    return { done, readyDone: done.filter(isReady).length, ...(failed ? { error: failed.reason } : {}) };
  }

  /** The error, if there was one that matters. */
  async #createOne(job: Job, pod: Pod): Promise<unknown> {
    try {
      const created = await this.#client.create(podType, pod.metadata?.namespace, pod);
      this.#events.event(job, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata?.name}`);
      return undefined;
    } catch (error) {
      // In a namespace that is being removed nothing can be created any more: no event, no retry.
      if (isNamespaceTerminating(error)) return undefined;
      this.#events.event(job, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
      return error;
    }
  }

  async #deleteOne(job: Job, pod: Pod): Promise<unknown> {
    const { namespace, name = '' } = pod.metadata ?? {};
    try {
      await this.#client.delete(podType, namespace, name);
      this.#events.event(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
      return undefined;
    } catch (error) {
      if (!hasReason(error, 'NotFound')) {
        this.#events.event(job, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`);
      }
      return error;
    }
  }

  async #releaseOne(pod: Pod): Promise<unknown> {
    if (!hasTrackingFinalizer(pod)) return undefined;
    try {
      await this.patch(pod, { '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] });
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

function isNamespaceTerminating(error: unknown): boolean {
  if (!hasReason(error, 'Forbidden')) return false;
  return error.status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
