/**
 * The controller of ReplicaSets, and of ReplicationControllers through `kind.ts`: keeps as many pods as are wanted.
 * Caches and queue are here; which pods go is in `ranking.ts`, what the status says in `status.ts`. Source: Kubernetes'
 * `replica_set.go`.
 */

import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { EventRecorder } from '../../../kubernetes/event-recorder.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import { controllerOf, isBeingDeleted, keyOf, uidOf } from '../../../kubernetes/meta.ts';
import type { KubernetesObject, OwnerReference, Pod, ReplicaSet } from '../../../kubernetes/objects.ts';
import { pods as podType } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import { ownMember } from '../../../world/members.ts';
import type { World } from '../../../world/world.ts';
import { matchesSelector } from '../job/claim.ts';
import { isActive, isReady, isTerminating } from '../job/facts.ts';
import { PodIndex } from '../job/pod-index.ts';
import { nextAvailabilityMs } from './availability.ts';
import { claimAll, claimOf } from './claim.ts';
import { PodExpectations } from './expectations.ts';
import type { ReplicaKind } from './kind.ts';
import { burstReplicas, createPods, deletePods, type PodControl } from './pod-control.ts';
import { podsToDelete } from './ranking.ts';
import { type ReplicaSetStatus, statusDiffers, statusOf } from './status.ts';

const workers = 5;

export interface ReplicaSetControllerOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly kind: ReplicaKind;
}

export class ReplicaSetController {
  readonly #world: World;
  readonly #client: KubernetesClient;
  readonly #kind: ReplicaKind;
  readonly #sets: Informer<KubernetesObject>;
  readonly #pods: Informer<Pod>;
  readonly #index = new PodIndex();
  readonly #queue: WorkQueue;
  readonly #expectations: PodExpectations;
  readonly #control: PodControl;

  constructor({ world, client, kind }: ReplicaSetControllerOptions) {
    this.#world = world;
    this.#client = client;
    this.#kind = kind;
    this.#sets = new Informer<KubernetesObject>({ world, client, type: kind.type });
    this.#pods = new Informer<Pod>({ world, client, type: podType });
    this.#expectations = new PodExpectations(world.clock);
    const events = new EventRecorder({ world, client, component: kind.component });
    this.#control = { client, events, expectations: this.#expectations, kind };
    this.#queue = new WorkQueue({
      clock: world.clock,
      workers,
      handle: (key) => this.#sync(key),
      onError: (key, error) =>
        world.log.debug(`sync of a ${kind.type.kind} failed, trying again`, { key, error: String(error) }),
    });
    this.#listen();
  }

  /** Resolves when the caches are filled and the workers run. */
  async start(): Promise<void> {
    await this.#sets.start();
    await this.#pods.start();
    this.#queue.start();
  }

  async stop(): Promise<void> {
    this.#sets.stop();
    this.#pods.stop();
    await this.#queue.stop();
  }

  #listen(): void {
    this.#sets.on({
      added: (set) => this.#queue.add(keyOf(set)),
      updated: (_before, set) => this.#queue.add(keyOf(set)),
      deleted: (set) => {
        this.#expectations.forget(keyOf(set));
        this.#queue.add(keyOf(set));
      },
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
        this.#podEnding(pod);
      },
    });
  }

  #podAdded(pod: Pod): void {
    if (isBeingDeleted(pod)) return this.#podEnding(pod);
    const owner = controllerOf(pod);
    if (owner === undefined) return this.#enqueueMatching(pod);
    const set = this.#resolve(pod.metadata?.namespace, owner);
    if (set === undefined) return;
    this.#expectations.creationSeen(keyOf(set));
    this.#queue.add(keyOf(set));
  }

  #podUpdated(before: Pod, after: Pod): void {
    if (isBeingDeleted(after)) return this.#podEnding(after);
    const owner = controllerOf(after);
    const previous = controllerOf(before);
    const ownerChanged = owner?.uid !== previous?.uid;
    const left = ownerChanged && previous && this.#resolve(before.metadata?.namespace, previous);
    if (left) this.#queue.add(keyOf(left));
    if (owner === undefined) {
      if (ownerChanged || !sameLabels(before, after)) this.#enqueueMatching(after);
      return;
    }
    const set = this.#resolve(after.metadata?.namespace, owner);
    if (set === undefined) return;
    this.#queue.add(keyOf(set));
    const minReadySeconds = set.spec?.minReadySeconds ?? 0;
    if (minReadySeconds > 0 && !isReady(before) && isReady(after)) {
      this.#queue.addAfter(keyOf(set), minReadySeconds * 1000);
    }
  }

  /** The pod is being deleted or gone. Nobody waits for orphans to go. */
  #podEnding(pod: Pod): void {
    const owner = controllerOf(pod);
    const set = owner && this.#resolve(pod.metadata?.namespace, owner);
    if (set === undefined) return;
    this.#expectations.deletionSeen(keyOf(set), keyOf(pod));
    this.#queue.add(keyOf(set));
  }

  /** Sets that might adopt the pod. */
  #enqueueMatching(pod: Pod): void {
    for (const object of this.#sets.list(pod.metadata?.namespace)) {
      const set = this.#kind.toSet(object);
      if (matchesSelector(set.spec?.selector, pod.metadata?.labels)) this.#queue.add(keyOf(set));
    }
  }

  /** The cached set behind a reference: the name may have come to mean another one. */
  #resolve(namespace: string | undefined, owner: OwnerReference): ReplicaSet | undefined {
    if (owner.kind !== this.#kind.type.kind) return undefined;
    const set = this.#sets.get(namespace, owner.name);
    return set && uidOf(set) === owner.uid ? this.#kind.toSet(set) : undefined;
  }

  async #sync(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const cached = this.#sets.get(namespace, name);
    if (cached === undefined) return this.#expectations.forget(key);
    const set = this.#kind.toSet(cached);
    // Read before the pods: what comes in between is then seen a sync later, never done twice.
    const mayManage = this.#expectations.met(key) && !isBeingDeleted(set);
    const all = [...this.#index.ownedBy(uidOf(set)), ...this.#index.orphansIn(namespace)];
    const active = await this.#claim(set, all.filter(isActive));
    const terminating = all.filter((pod) => isTerminating(pod) && claimOf(set, set.spec?.selector, pod) === 'keep');
    const failure = mayManage ? await this.#manage(set, active) : undefined;
    const now = this.#world.clock.now();
    const counted = this.#kind.countsTerminating ? { terminating } : {};
    const status = statusOf(set, { active, failure, now, ...counted });
    await this.#report(set, status);
    if (failure !== undefined) throw failure;
    this.#planAvailability(set, status, active, now);
  }

  #claim(set: ReplicaSet, candidates: readonly Pod[]): Promise<Pod[]> {
    const selector = set.spec?.selector;
    const ownerType = this.#kind.type;
    return claimAll({ client: this.#client, owner: set, ownerType, selector, candidates, type: podType });
  }

  /** What went wrong, if anything did. */
  async #manage(set: ReplicaSet, active: readonly Pod[]): Promise<unknown> {
    const surplus = active.length - (set.spec?.replicas ?? 1);
    try {
      if (surplus < 0) await createPods(this.#control, set, -surplus);
      if (surplus > 0) {
        const count = Math.min(surplus, burstReplicas);
        const victims = podsToDelete(active, this.#relatedPods(set), count, this.#world.clock.now());
        await deletePods(this.#control, set, victims);
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Pods of all sets of the same owner, this one's too; none for a set that nobody owns. */
  #relatedPods(set: ReplicaSet): Pod[] {
    const owner = controllerOf(set);
    if (owner === undefined) return [];
    const { namespace } = set.metadata ?? {};
    const selectors = this.#sets
      .list(namespace)
      .filter((each) => controllerOf(each)?.uid === owner.uid)
      .map((each) => this.#kind.toSet(each).spec?.selector);
    return this.#pods
      .list(namespace)
      .filter(({ metadata }) => selectors.some((selector) => matchesSelector(selector, metadata?.labels)));
  }

  /** Tries once more on what is stored now, since nobody else writes this status. */
  async #report(set: ReplicaSet, next: ReplicaSetStatus): Promise<void> {
    if (!statusDiffers(set, next)) return;
    // The generation that was acted upon, even if the second attempt finds a newer one.
    const observedGeneration = set.metadata?.generation;
    const status = { ...next, ...(observedGeneration === undefined ? {} : { observedGeneration }) };
    try {
      await this.#writeStatus({ ...set, status });
    } catch (error) {
      if (!hasReason(error, 'Conflict')) throw error;
      const { namespace, name = '' } = set.metadata ?? {};
      const live = this.#kind.toSet(await this.#client.get(this.#kind.type, namespace, name));
      await this.#writeStatus({ ...live, status });
    }
  }

  async #writeStatus(set: ReplicaSet): Promise<void> {
    await this.#client.replace(this.#kind.type, this.#kind.fromSet(set), { subresource: 'status' });
  }

  #planAvailability(set: ReplicaSet, status: ReplicaSetStatus, active: readonly Pod[], now: number): void {
    const minReadySeconds = set.spec?.minReadySeconds ?? 0;
    if (minReadySeconds === 0 || (status.readyReplicas ?? 0) === (status.availableReplicas ?? 0)) return;
    const delayMs = nextAvailabilityMs(active, minReadySeconds, now) ?? minReadySeconds * 1000;
    this.#queue.addAfter(keyOf(set), delayMs);
  }
}

function sameLabels(before: Pod, after: Pod): boolean {
  const [one, other] = [before.metadata?.labels ?? {}, after.metadata?.labels ?? {}];
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === ownMember(other, key));
}
