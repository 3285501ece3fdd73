/**
 * The Deployment controller: caches and queue. What a sync does is in `sync.ts`, its arithmetic in `sizes.ts` and
 * `proportions.ts`. Source: Kubernetes' `deployment_controller.go`.
 */

import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { EventRecorder } from '../../../kubernetes/event-recorder.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import { controllerOf, isBeingDeleted, keyOf, uidOf } from '../../../kubernetes/meta.ts';
import type { Deployment, OwnerReference, Pod, ReplicaSet } from '../../../kubernetes/objects.ts';
import { deployments, pods, replicaSets } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import { ownMember } from '../../../world/members.ts';
import type { World } from '../../../world/world.ts';
import { matchesSelector } from '../job/claim.ts';
import { PodIndex } from '../job/pod-index.ts';
import { claimAll } from '../replicas/claim.ts';
import { isNamespaceTerminating } from '../replicas/pod-control.ts';
import { Rollout, type RolloutServices } from './rollout.ts';
import { syncDeployment } from './sync.ts';

const workers = 5;

export class DeploymentController {
  readonly #client: KubernetesClient;
  readonly #deployments: Informer<Deployment>;
  readonly #sets: Informer<ReplicaSet>;
  readonly #pods: Informer<Pod>;
  readonly #index = new PodIndex();
  readonly #queue: WorkQueue;
  readonly #services: RolloutServices;

  constructor({ world, client }: { readonly world: World; readonly client: KubernetesClient }) {
    this.#client = client;
    this.#deployments = new Informer<Deployment>({ world, client, type: deployments });
    this.#sets = new Informer<ReplicaSet>({ world, client, type: replicaSets });
    this.#pods = new Informer<Pod>({ world, client, type: pods });
    this.#queue = new WorkQueue({
      clock: world.clock,
      workers,
      handle: (key) => this.#sync(key),
      onError: (key, error) =>
        world.log.debug('sync of a Deployment failed, trying again', { key, error: String(error) }),
    });
    this.#services = {
      client,
      events: new EventRecorder({ world, client, component: 'deployment-controller' }),
      now: () => world.clock.now(),
      cachedSet: (namespace, name) => this.#sets.get(namespace, name),
      requeueAfter: (deployment, delayMs) => this.#queue.addAfter(keyOf(deployment), delayMs),
      requeueSoon: (deployment) => this.#queue.addRateLimited(keyOf(deployment)),
    };
    this.#listen();
  }

  /** Resolves when the caches are filled and the workers run. */
  async start(): Promise<void> {
    await this.#deployments.start();
    await this.#sets.start();
    await this.#pods.start();
    this.#queue.start();
  }

  async stop(): Promise<void> {
    for (const informer of [this.#deployments, this.#sets, this.#pods]) informer.stop();
    await this.#queue.stop();
  }

  #listen(): void {
    const enqueue = (deployment: Deployment) => this.#queue.add(keyOf(deployment));
    this.#deployments.on({ added: enqueue, updated: (_before, after) => enqueue(after), deleted: enqueue });
    this.#sets.on({
      added: (set) => this.#setSeen(set),
      updated: (before, after) => this.#setUpdated(before, after),
      deleted: (set) => this.#enqueueOwner(set),
    });
    this.#pods.on({
      added: (pod) => this.#index.put(pod),
      updated: (before, after) => {
        this.#index.remove(before);
        this.#index.put(after);
      },
      deleted: (pod) => {
        this.#index.remove(pod);
        this.#podGone(pod);
      },
    });
  }

  #setSeen(set: ReplicaSet): void {
    if (isBeingDeleted(set) || controllerOf(set)) this.#enqueueOwner(set);
    else this.#enqueueMatching(set);
  }

  #setUpdated(before: ReplicaSet, after: ReplicaSet): void {
    const ownerChanged = controllerOf(before)?.uid !== controllerOf(after)?.uid;
    if (ownerChanged) this.#enqueueOwner(before);
    if (controllerOf(after)) this.#enqueueOwner(after);
    else if (ownerChanged || !sameLabels(before, after)) this.#enqueueMatching(after);
  }

  #enqueueOwner(set: ReplicaSet): void {
    const owner = controllerOf(set);
    const deployment = owner && this.#resolve(set.metadata?.namespace, owner);
    if (deployment) this.#queue.add(keyOf(deployment));
  }

  /** Deployments that might adopt the set. */
  #enqueueMatching({ metadata }: ReplicaSet): void {
    for (const deployment of this.#deployments.list(metadata?.namespace)) {
      if (matchesSelector(deployment.spec?.selector, metadata?.labels)) this.#queue.add(keyOf(deployment));
    }
  }

  /** A Deployment that recreates its pods waits for the last one to go. */
  #podGone(pod: Pod): void {
    const owner = controllerOf(pod);
    const set = owner?.kind === 'ReplicaSet' ? this.#sets.get(pod.metadata?.namespace, owner.name) : undefined;
    const setOwner = set && uidOf(set) === owner?.uid ? controllerOf(set) : undefined;
    const deployment = setOwner && this.#resolve(pod.metadata?.namespace, setOwner);
    if (deployment?.spec?.strategy?.type !== 'Recreate') return;
    const sets = this.#sets.list(pod.metadata?.namespace).filter((each) => controllerOf(each)?.uid === setOwner?.uid);
    if (sets.every((each) => this.#podsOf(each).length === 0)) this.#queue.add(keyOf(deployment));
  }

  #resolve(namespace: string | undefined, owner: OwnerReference): Deployment | undefined {
    if (owner.kind !== 'Deployment') return undefined;
    const deployment = this.#deployments.get(namespace, owner.name);
    return deployment && uidOf(deployment) === owner.uid ? deployment : undefined;
  }

  #podsOf(set: ReplicaSet): Pod[] {
    return this.#index.ownedBy(uidOf(set));
  }

  async #sync(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const deployment = this.#deployments.get(namespace, name);
    if (deployment === undefined) return;
    try {
      const sets = await this.#claim(deployment);
      await syncDeployment(new Rollout(this.#services, deployment), sets, (set) => this.#podsOf(set));
    } catch (error) {
      // Where a namespace is being removed nothing can be created any more.
      if (!isNamespaceTerminating(error)) throw error;
    }
  }

  #claim(deployment: Deployment): Promise<ReplicaSet[]> {
    return claimAll({
      client: this.#client,
      owner: deployment,
      ownerType: deployments,
      selector: deployment.spec?.selector,
      candidates: this.#sets.list(deployment.metadata?.namespace),
      type: replicaSets,
    });
  }
}

function sameLabels(before: ReplicaSet, after: ReplicaSet): boolean {
  const [one, other] = [before.metadata?.labels ?? {}, after.metadata?.labels ?? {}];
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === ownMember(other, key));
}
