/**
 * The Job controller: caches, queues and the memory between syncs. What a sync does is in `sync.ts`; who is synced when
 * is here. Source: semantics 3.3.
 */

import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { isFinished } from '../../../kubernetes/conditions.ts';
import { EventRecorder } from '../../../kubernetes/event-recorder.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import { controllerOf, isBeingDeleted, keyOf, uidOf } from '../../../kubernetes/meta.ts';
import type { Job, OwnerReference, Pod } from '../../../kubernetes/objects.ts';
import { jobs as jobType, pods as podType } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import { ownMember } from '../../../world/members.ts';
import type { World } from '../../../world/world.ts';
import { answeredLater } from '../answered-later.ts';
import { type BackoffRecord, noFailures } from './backoff.ts';
import { claimPods, matchesSelector } from './claim.ts';
import { Expectations, ReleaseExpectations } from './expectations.ts';
import { hasTrackingFinalizer, isManagedElsewhere, needsSync } from './facts.ts';
import { PodControl } from './pod-control.ts';
import { PodIndex } from './pod-index.ts';
import { batchMs, type SyncActions, syncJob } from './sync.ts';

const workers = 5;
const baseDelayMs = 1_000;
const maximumDelayMs = 60_000;
const completionModes: readonly (string | undefined)[] = [undefined, 'NonIndexed', 'Indexed'];

/**
 * Thrown when the cache does not show this controller's own last write yet: acting on it could repeat what was done.
 */
export class StaleCacheError extends Error {
  override readonly name = 'StaleCacheError';
  readonly key: string;
  readonly writtenVersion: string;

  constructor(key: string, cachedVersion: string, writtenVersion: string) {
    super(
      `Job ${key} is cached at version ${cachedVersion}, its status was written at ${writtenVersion}: trying later`,
    );
    this.key = key;
    this.writtenVersion = writtenVersion;
  }
}

export class JobController {
  readonly #world: World;
  readonly #client: KubernetesClient;
  readonly #jobs: Informer<Job>;
  readonly #pods: Informer<Pod>;
  readonly #index = new PodIndex();
  readonly #queue: WorkQueue;
  readonly #orphans: WorkQueue;
  readonly #events: EventRecorder;
  readonly #control: PodControl;
  readonly #expectations: Expectations;
  readonly #releases = new ReleaseExpectations();
  readonly #backoff = new Map<string, BackoffRecord>();
  /** UIDs of Jobs whose terminal condition has been written and not been seen in the cache. */
  readonly #finished = new Set<string>();
  /** Versions of the last status writes, by UID. */
  readonly #written = new Map<string, string>();

  constructor(options: { readonly world: World; readonly client: KubernetesClient }) {
    const { world } = options;
    const client = answeredLater(options.client, world.clock);
    this.#world = world;
    this.#client = client;
    this.#jobs = new Informer<Job>({ world, client, type: jobType });
    this.#pods = new Informer<Pod>({ world, client, type: podType });
    this.#events = new EventRecorder({ world, client, component: 'job-controller' });
    this.#expectations = new Expectations(world.clock);
    this.#control = new PodControl({
      client,
      events: this.#events,
      expectations: this.#expectations,
      releases: this.#releases,
    });
    this.#queue = this.#newQueue('sync', (key) => this.#sync(key));
    this.#orphans = this.#newQueue('release orphan', (key) => this.#releaseOrphan(key));
    this.#listen();
  }

  /** Resolves when the caches are filled and the workers run. */
  async start(): Promise<void> {
    await this.#jobs.start();
    await this.#pods.start();
    this.#queue.start();
    this.#orphans.start();
  }

  /** Resolves when what is being synced is done; nothing is done after that. */
  async stop(): Promise<void> {
    this.#jobs.stop();
    this.#pods.stop();
    await this.#queue.stop();
    await this.#orphans.stop();
  }

  #newQueue(task: string, handle: (key: string) => Promise<void>): WorkQueue {
    const onError = (key: string, error: unknown) =>
      this.#world.log.warn(`${task} failed, trying again`, { key, error: String(error) });
    return new WorkQueue({ clock: this.#world.clock, workers, baseDelayMs, maximumDelayMs, handle, onError });
  }

  #listen(): void {
    this.#jobs.on({
      added: (job) => this.#queue.add(keyOf(job)),
      updated: (before, after) => this.#jobUpdated(before, after),
      deleted: (job) => this.#jobDeleted(job),
    });
    this.#pods.on({
      added: (pod) => {
        this.#index.put(pod);
        this.#podAdded(pod);
      },
      updated: (before, after) => {
        this.#index.remove(before);
        this.#index.put(after);
        this.#podUpdated(before, after);
      },
      deleted: (pod) => {
        this.#index.remove(pod);
        this.#podEnding(pod, true);
      },
    });
  }

  #jobUpdated(before: Job, after: Job): void {
    if (isFinished(after)) {
      this.#enqueuePodsOf(after);
    } else if (after.metadata?.generation === before.metadata?.generation) {
      this.#queue.addAfter(keyOf(after), batchMs);
    } else {
      this.#queue.add(keyOf(after));
    }
  }

  #jobDeleted(job: Job): void {
    this.#queue.add(keyOf(job));
    this.#finished.delete(uidOf(job));
    this.#written.delete(uidOf(job));
    this.#backoff.delete(keyOf(job));
    this.#enqueuePodsOf(job);
  }

  /** Pods of a Job that is gone or finished must not keep their finalizer. */
  #enqueuePodsOf(job: Job): void {
    for (const pod of this.#index.ownedBy(uidOf(job))) this.#enqueueOrphan(pod);
  }

  #enqueueOrphan(pod: Pod): void {
    if (hasTrackingFinalizer(pod)) this.#orphans.add(keyOf(pod));
  }

  #podAdded(pod: Pod): void {
    if (isBeingDeleted(pod)) {
      this.#podEnding(pod, false);
      return;
    }
    const owner = controllerOf(pod);
    if (owner === undefined) {
      this.#enqueueOrphan(pod);
      this.#enqueueMatching(pod);
      return;
    }
    const job = this.#resolve(pod.metadata?.namespace, owner);
    if (job === undefined) return;
    this.#expectations.creationSeen(keyOf(job));
    this.#queue.addAfter(keyOf(job), batchMs);
  }

  #podUpdated(before: Pod, after: Pod): void {
    if (isBeingDeleted(after)) {
      this.#podEnding(after, false);
      return;
    }
    const owner = controllerOf(after);
    const previousOwner = controllerOf(before);
    const ownerChanged = owner?.uid !== previousOwner?.uid;
    if (ownerChanged && previousOwner !== undefined) this.#ownedPodChanged(after, previousOwner);
    if (owner !== undefined) {
      this.#ownedPodChanged(after, owner);
      return;
    }
    this.#enqueueOrphan(after);
    if (ownerChanged || !sameLabels(before, after)) this.#enqueueMatching(after);
  }

  #ownedPodChanged(pod: Pod, owner: OwnerReference): void {
    const job = this.#resolve(pod.metadata?.namespace, owner);
    if (job === undefined) return;
    if (!hasTrackingFinalizer(pod)) this.#releases.seen(keyOf(job), uidOf(pod));
    this.#queue.addAfter(keyOf(job), batchMs);
  }

  /** The pod is being deleted, or gone if `gone`. */
  #podEnding(pod: Pod, gone: boolean): void {
    const owner = controllerOf(pod);
    const job = owner && this.#resolve(pod.metadata?.namespace, owner);
    if (job === undefined || isFinished(job)) {
      this.#enqueueOrphan(pod);
      return;
    }
    const key = keyOf(job);
    this.#expectations.deletionSeen(key);
    if (gone || !hasTrackingFinalizer(pod)) this.#releases.seen(key, uidOf(pod));
    this.#queue.addAfter(key, batchMs);
  }

  /** Jobs that might adopt the pod. */
  #enqueueMatching(pod: Pod): void {
    for (const job of this.#jobs.list(pod.metadata?.namespace)) {
      if (matchesSelector(job.spec?.selector, pod.metadata?.labels)) this.#queue.addAfter(keyOf(job), batchMs);
    }
  }

  /** The cached Job behind a reference: the name may have come to mean another Job. */
  #resolve(namespace: string | undefined, owner: OwnerReference): Job | undefined {
    if (owner.kind !== 'Job') return undefined;
    const job = this.#jobs.get(namespace, owner.name);
    return job && uidOf(job) === owner.uid ? job : undefined;
  }

  async #sync(key: string): Promise<void> {
    const job = this.#jobs.get(...splitKey(key));
    if (job === undefined || isFinished(job)) this.#forget(key, job);
    if (job === undefined || !needsSync(job) || this.#finished.has(uidOf(job))) return;
    if (!completionModes.includes(job.spec?.completionMode)) {
      const message = 'Skipped Job sync because completion mode is unknown';
      this.#events.event(job, 'Warning', 'UnknownCompletionMode', message);
      return;
    }
    this.#checkFresh(key, job);
    const sighting = {
      job,
      // Both are read before the pods: what comes in between is then seen a sync later, never done or counted twice.
      expectationsMet: this.#expectations.met(key),
      releasedPods: this.#releases.expected(key),
      pods: await this.#podsOf(job),
      backoff: this.#backoff.get(key) ?? noFailures,
      now: this.#world.clock.now(),
    };
    await syncJob(sighting, this.#actions(key));
  }

  #forget(key: string, job: Job | undefined): void {
    this.#backoff.delete(key);
    if (job === undefined) {
      this.#expectations.forget(key);
      this.#releases.forget(key);
      return;
    }
    this.#finished.delete(uidOf(job));
    this.#written.delete(uidOf(job));
  }

  #checkFresh(key: string, job: Job): void {
    const written = this.#written.get(uidOf(job));
    const cached = job.metadata?.resourceVersion ?? '';
    if (written !== undefined && isOlder(cached, written)) throw new StaleCacheError(key, cached, written);
  }

  #podsOf(job: Job): Promise<Pod[]> {
    const { namespace = '', name = '' } = job.metadata ?? {};
    const candidates = [...this.#index.ownedBy(uidOf(job)), ...this.#index.orphansIn(namespace)];
    return claimPods(job, candidates, this.#control, () => this.#client.get<Job>(jobType, namespace, name));
  }

  #actions(key: string): SyncActions {
    return {
      pods: this.#control,
      events: this.#events,
      writeStatus: async (job) => {
        const written = await this.#client.replace<Job>(jobType, job, { subresource: 'status' });
        this.#written.set(uidOf(job), written.metadata?.resourceVersion ?? '');
        return written;
      },
      requeueAfter: (delayMs) => this.#queue.addAfter(key, delayMs),
      keepBackoff: (record) => {
        this.#backoff.set(key, record);
      },
      markFinished: (job) => {
        this.#finished.add(uidOf(job));
      },
    };
  }

  /** Removes the finalizer of a pod that no running Job of this controller will count. */
  async #releaseOrphan(key: string): Promise<void> {
    const pod = this.#pods.get(...splitKey(key));
    if (pod === undefined) return;
    const owner = controllerOf(pod);
    if (owner !== undefined) {
      if (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1') return;
      const job = this.#resolve(pod.metadata?.namespace, owner);
      if (job !== undefined && (isManagedElsewhere(job) || !isFinished(job))) return;
    }
    await this.#control.releaseOrphan(pod);
  }
}

function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

function sameLabels(before: Pod, after: Pod): boolean {
  const [one, other] = [before.metadata?.labels ?? {}, after.metadata?.labels ?? {}];
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === ownMember(other, key));
}

/** Versions are decimal numbers here; what is none cannot be compared and counts as fresh. */
function isOlder(cached: string, written: string): boolean {
  if (!/^\d+$/.test(cached) || !/^\d+$/.test(written)) return false;
  return cached.length === written.length ? cached < written : cached.length < written.length;
}
