/**
 * The ReplicaSet of a Deployment's present template: found and annotated, or made. Revisions are counted here.
 * Source: Kubernetes' `getNewReplicaSet`.
 */
import { hasReason } from '../../../kubernetes/client.ts';
import { controllerOf, uidOf } from '../../../kubernetes/meta.ts';
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { deployments, replicaSets } from '../../../kubernetes/resources.ts';
import { controllerReference } from '../replicas/claim.ts';
import { isNamespaceTerminating } from '../replicas/pod-control.ts';
import { annotationsFor, hasAnnotations, replicaAnnotations } from './annotations.ts';
import { findCondition } from './conditions.ts';
import { greatestRevision, hashKey, hasProgressDeadline, replicasOf, revisionKey, revisionTextOf } from './facts.ts';
import type { Rollout } from './rollout.ts';
import { findNewSet, findOldSets } from './sets.ts';
import { newSetReplicas } from './sizes.ts';
import { hashOf, sameTemplate } from './template.ts';

/** A name is a DNS subdomain, which has at most so many characters. */
const maximumNameLength = 253;

export interface Sets {
  readonly newSet: ReplicaSet | undefined;
  readonly oldSets: readonly ReplicaSet[];
}

/** The sets of the Deployment, the new one with its revision and annotations. */
export async function takeSets(rollout: Rollout, sets: readonly ReplicaSet[]): Promise<Sets> {
  const found = findNewSet(rollout.deployment, sets);
  const oldSets = findOldSets(rollout.deployment, sets);
  return { newSet: found && (await bringUpToDate(rollout, found, greatestRevision(oldSets) + 1n)), oldSets };
}

/** As `takeSets`; a set that is missing is made. */
export async function takeOrMakeSets(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
): Promise<Sets & { readonly newSet: ReplicaSet }> {
  const { newSet, oldSets } = await takeSets(rollout, sets);
  return { newSet: newSet ?? (await make(rollout, oldSets)), oldSets };
}

async function bringUpToDate(rollout: Rollout, set: ReplicaSet, revision: bigint): Promise<ReplicaSet> {
  const { deployment, services } = rollout;
  const annotations = annotationsFor(deployment, set.metadata?.annotations ?? {}, revision);
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  if (!hasAnnotations(set, annotations) || (set.spec?.minReadySeconds ?? 0) !== minReadySeconds) {
    const next = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, minReadySeconds } };
    return services.client.replace<ReplicaSet>(replicaSets, next as ReplicaSet);
  }
  const revised = setRevision(rollout, revisionTextOf(set));
  const unknown = findCondition(deployment.status?.conditions, 'Progressing') === undefined;
  const told = hasProgressDeadline(deployment) && unknown;
  if (told) rollout.setProgressing('True', 'FoundNewReplicaSet', `Found new replica set "${set.metadata?.name}"`);
  if (revised || told) await rollout.writeStatus();
  return set;
}

/** True if the Deployment had another revision. */
function setRevision(rollout: Rollout, revision: string): boolean {
  const { deployment } = rollout;
  if (revisionTextOf(deployment) === revision) return false;
  const annotations = { ...deployment.metadata?.annotations, [revisionKey]: revision };
  rollout.deployment = { ...deployment, metadata: { ...deployment.metadata, annotations } };
  return true;
}

async function make(rollout: Rollout, oldSets: readonly ReplicaSet[]): Promise<ReplicaSet> {
  const { services } = rollout;
  const revision = greatestRevision(oldSets) + 1n;
  const wanted = newSetOf(rollout.deployment, oldSets, revision);
  let created: ReplicaSet | undefined;
  try {
    created = await services.client.create<ReplicaSet>(replicaSets, wanted.metadata?.namespace, wanted);
  } catch (error) {
    if (isNamespaceTerminating(error)) throw error;
    if (!hasReason(error, 'AlreadyExists')) await tellFailure(rollout, wanted, error);
    const present = hasReason(error, 'AlreadyExists') ? own(rollout, wanted) : undefined;
    if (!present) {
      if (hasReason(error, 'AlreadyExists')) await countCollision(rollout, wanted);
      throw error;
    }
    if (setRevision(rollout, String(revision))) await rollout.writeStatus();
    return present;
  }
  const { name } = created.metadata ?? {};
  if (replicasOf(wanted) > 0) {
    const message = `Scaled up replica set ${name} from 0 to ${replicasOf(wanted)}`;
    services.events.event(rollout.deployment, 'Normal', 'ScalingReplicaSet', message);
  }
  const revised = setRevision(rollout, String(revision));
  const told = hasProgressDeadline(rollout.deployment);
  if (told) rollout.setProgressing('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
  if (revised || told) await rollout.writeStatus();
  return created;
}

/**
 * What has the name that the new set would have, if the cache shows that it is the Deployment's and of its template.
 */
function own({ services, deployment }: Rollout, wanted: ReplicaSet): ReplicaSet | undefined {
  const present = services.cachedSet(wanted.metadata?.namespace, wanted.metadata?.name ?? '');
  const owned = present !== undefined && controllerOf(present)?.uid === uidOf(deployment);
  return owned && sameTemplate(present.spec?.template, deployment.spec?.template) ? present : undefined;
}

/**
 * Another template has the same hash: the next attempt has another one. A set that the cache does not show yet is
 * waited for.
 */
async function countCollision(rollout: Rollout, wanted: ReplicaSet): Promise<void> {
  const { services, deployment } = rollout;
  if (!services.cachedSet(wanted.metadata?.namespace, wanted.metadata?.name ?? '')) return;
  rollout.setStatus({ ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 });
  await rollout.writeStatus();
}

async function tellFailure(rollout: Rollout, set: ReplicaSet, error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  const message = `Failed to create new replica set "${set.metadata?.name}": ${why}`;
  rollout.services.events.event(rollout.deployment, 'Warning', 'ReplicaSetCreateError', message);
  if (!hasProgressDeadline(rollout.deployment)) return;
  rollout.setProgressing('False', 'ReplicaSetCreateError', message);
  try {
    await rollout.writeStatus();
  } catch (refusal) {
    // The failure itself is what the next attempt is for.
    if (!hasReason(refusal, 'Conflict')) throw refusal;
  }
}

/** The set as it is created. Pure. */
export function newSetOf(deployment: Deployment, oldSets: readonly ReplicaSet[], revision: bigint): ReplicaSet {
  const { metadata, spec, status } = deployment;
  const template = structuredClone(spec?.template ?? {});
  const hash = hashOf(template, status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashKey]: hash };
  const matchLabels = { ...spec?.selector?.matchLabels, [hashKey]: hash };
  const annotations = { ...annotationsFor(deployment, {}, revision), ...replicaAnnotations(deployment) };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: setName(metadata?.name ?? '', hash),
      ...(metadata?.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels,
      annotations,
      ownerReferences: [controllerReference(deployment, deployments)],
    },
    spec: {
      replicas: newSetReplicas(deployment, oldSets, 0),
      ...(spec?.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector: { ...structuredClone(spec?.selector), matchLabels },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function setName(deploymentName: string, hash: string): string {
  return `${deploymentName.slice(0, maximumNameLength - hash.length - 1)}-${hash}`;
}
