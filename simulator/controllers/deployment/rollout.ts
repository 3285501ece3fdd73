/**
 * One sync of a Deployment: its copy of the object, and the writes that the ways of a rollout share. Writes go by the
 * version that the sync began with, so that after the first status write a further one is refused and the Deployment is
 * synced again: as upstream. Source: Kubernetes' `sync.go`.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { deployments, replicaSets } from '../../../kubernetes/resources.ts';
import type { Events } from '../replicas/pod-control.ts';
import { hasAnnotations, replicaAnnotations } from './annotations.ts';
import { findCondition, newCondition, withCondition } from './conditions.ts';
import {
  byRevision,
  type DeploymentStatus,
  hasProgressDeadline,
  historyLimitOf,
  isRollingUpdate,
  replicasOf,
} from './facts.ts';
import { proportionalSizes } from './proportions.ts';
import { activeOrLatest, activeSets, isSaturated } from './sets.ts';
import { rolloutStatusOf, type SeenSets, statusOf, untilDeadlineMs } from './status.ts';
import { sameStatus } from './template.ts';

export interface RolloutServices {
  readonly client: KubernetesClient;
  readonly events: Events;
  /** Epoch ms. */
  now(): number;
  /** A ReplicaSet as the cache has it. */
  cachedSet(namespace: string | undefined, name: string): ReplicaSet | undefined;
  /** Has the Deployment synced again after that time. */
  requeueAfter(deployment: Deployment, delayMs: number): void;
  /** Has it synced again after its back-off. */
  requeueSoon(deployment: Deployment): void;
}

export class Rollout {
  readonly services: RolloutServices;
  /** As this sync sees it: what it has written is in it, but for the version. */
  deployment: Deployment;

  constructor(services: RolloutServices, deployment: Deployment) {
    this.services = services;
    this.deployment = deployment;
  }

  get wanted(): number {
    return replicasOf(this.deployment);
  }

  /** The status and the annotations. */
  async writeStatus(): Promise<void> {
    await this.services.client.replace<Deployment>(deployments, this.deployment, { subresource: 'status' });
  }

  setStatus(status: DeploymentStatus): void {
    this.deployment = { ...this.deployment, status };
  }

  /** Sets a condition of the type Progressing. */
  setProgressing(status: 'True' | 'False' | 'Unknown', reason: string, message: string): void {
    const condition = newCondition('Progressing', status, reason, message, this.services.now());
    const conditions = withCondition(this.deployment.status?.conditions ?? [], condition);
    this.setStatus({ ...this.deployment.status, conditions });
  }

  /** Brings the status up to date without judging progress. */
  async syncStatus(seen: Omit<SeenSets, 'now'>): Promise<void> {
    const status = statusOf(this.deployment, { ...seen, now: this.services.now() });
    if (sameStatus(this.deployment.status, status)) return;
    this.setStatus(status);
    await this.writeStatus();
  }

  /** Brings the status up to date; with nothing to write, looks again when the deadline for progress is over. */
  async syncRolloutStatus(seen: Omit<SeenSets, 'now'>): Promise<void> {
    const { services, deployment } = this;
    const status = rolloutStatusOf(deployment, { ...seen, now: services.now() });
    if (!sameStatus(deployment.status, status)) {
      this.setStatus(status);
      await this.writeStatus();
      return;
    }
    const leftMs = untilDeadlineMs(deployment, status, services.now());
    if (leftMs === undefined) return;
    if (leftMs < 1000) services.requeueSoon(deployment);
    else services.requeueAfter(deployment, leftMs + 1000);
  }

  /** A pause and its end are told, so that a deadline does not count the time between. */
  async checkPaused(): Promise<void> {
    if (!hasProgressDeadline(this.deployment)) return;
    const current = findCondition(this.deployment.status?.conditions, 'Progressing');
    if (current?.reason === 'ProgressDeadlineExceeded') return;
    const paused = this.deployment.spec?.paused === true;
    if (paused === (current?.reason === 'DeploymentPaused')) return;
    if (paused) this.setProgressing('Unknown', 'DeploymentPaused', 'Deployment is paused');
    else this.setProgressing('Unknown', 'DeploymentResumed', 'Deployment is resumed');
    await this.writeStatus();
  }

  /** The set with so many pods, and whether that is new. `annotate`: written even if only its annotations are old. */
  async resize(
    set: ReplicaSet,
    replicas: number,
    annotate = false,
  ): Promise<{ readonly set: ReplicaSet; readonly scaled: boolean }> {
    const before = replicasOf(set);
    const annotations = replicaAnnotations(this.deployment);
    const differs = before !== replicas;
    if (!differs && !(annotate && !hasAnnotations(set, annotations))) return { set, scaled: false };
    const metadata = { ...set.metadata, annotations: { ...set.metadata?.annotations, ...annotations } };
    const next = { ...set, metadata, spec: { ...set.spec, replicas } } as ReplicaSet;
    const written = await this.services.client.replace<ReplicaSet>(replicaSets, next);
    if (differs) this.#tellScaling(written, before, replicas);
    return { set: written, scaled: differs };
  }

  #tellScaling(set: ReplicaSet, from: number, to: number): void {
    const direction = from < to ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata?.name} from ${from} to ${to}`;
    this.services.events.event(this.deployment, 'Normal', 'ScalingReplicaSet', message);
  }

  /** Scales the sets outside a rollout: the only one with pods, or all in proportion. */
  async scale({ newSet, oldSets }: Omit<SeenSets, 'now'>): Promise<void> {
    const single = activeOrLatest(newSet, oldSets);
    if (single) {
      await this.resize(single, this.wanted);
      return;
    }
    if (isSaturated(this.deployment, newSet)) {
      for (const old of activeSets(oldSets)) await this.resize(old, 0);
      return;
    }
    if (!isRollingUpdate(this.deployment)) return;
    for (const { set, replicas } of proportionalSizes(this.deployment, [...oldSets, newSet])) {
      await this.resize(set, replicas, true);
    }
  }

  /** Deletes old sets beyond the limit, the earliest revisions first; none that has pods. */
  async cleanUp(oldSets: readonly ReplicaSet[]): Promise<void> {
    const limit = historyLimitOf(this.deployment);
    const alive = oldSets.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    if (limit === undefined || alive.length <= limit) return;
    const surplus = alive.toSorted(byRevision).slice(0, alive.length - limit);
    for (const set of surplus.filter(isIdle)) await this.#deleteSet(set);
  }

  async #deleteSet({ metadata }: ReplicaSet): Promise<void> {
    try {
      await this.services.client.delete(replicaSets, metadata?.namespace, metadata?.name ?? '');
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}

function isIdle(set: ReplicaSet): boolean {
  const seen = (set.metadata?.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
  return seen && replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0;
}
