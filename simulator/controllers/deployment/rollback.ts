/**
 * Back to an earlier revision, as an annotation asks for it (the form that old clients use). Source: Kubernetes'
 * `rollback.go`.
 */
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { deployments } from '../../../kubernetes/resources.ts';
import { annotationsAfterRollback } from './annotations.ts';
import { lastRevision, revisionOf, rollbackKey, rollbackOf } from './facts.ts';
import { takeOrMakeSets } from './new-set.ts';
import type { Rollout } from './rollout.ts';
import { sameTemplate, withoutHash } from './template.ts';

/** Gives the Deployment the template of that revision, and takes the wish off it in any case. */
export async function rollBack(rollout: Rollout, sets: readonly ReplicaSet[]): Promise<void> {
  const { newSet, oldSets } = await takeOrMakeSets(rollout, sets);
  const all = [...oldSets, newSet];
  const revision = rollbackOf(rollout.deployment) || lastRevision(all);
  const target = revision === 0n ? undefined : all.find((set) => revisionOf(set) === revision);
  if (!target) {
    const last = revision === 0n;
    const message = last ? 'Unable to find last revision.' : 'Unable to find the revision to rollback to.';
    warn(rollout, 'DeploymentRollbackRevisionNotFound', message);
    return write(rollout, rollout.deployment);
  }
  const { name } = rollout.deployment.metadata ?? {};
  if (sameTemplate(rollout.deployment.spec?.template, target.spec?.template)) {
    const message = `The rollback revision contains the same template as current deployment "${name}"`;
    warn(rollout, 'DeploymentRollbackTemplateUnchanged', message);
    return write(rollout, rollout.deployment);
  }
  await write(rollout, turnedBack(rollout.deployment, target));
  const message = `Rolled back deployment "${name}" to revision ${revision}`;
  rollout.services.events.event(rollout.deployment, 'Normal', 'DeploymentRollback', message);
}

function turnedBack(deployment: Deployment, target: ReplicaSet): Deployment {
  const annotations = annotationsAfterRollback(deployment, target);
  const template = withoutHash(target.spec?.template);
  return {
    ...deployment,
    metadata: { ...deployment.metadata, annotations },
    spec: { ...deployment.spec, template },
  } as Deployment;
}

function warn(rollout: Rollout, reason: string, message: string): void {
  rollout.services.events.event(rollout.deployment, 'Warning', reason, message);
}

async function write(rollout: Rollout, deployment: Deployment): Promise<void> {
  const { [rollbackKey]: _wish, ...annotations } = deployment.metadata?.annotations ?? {};
  const next = { ...deployment, metadata: { ...deployment.metadata, annotations } };
  await rollout.services.client.replace<Deployment>(deployments, next);
}
