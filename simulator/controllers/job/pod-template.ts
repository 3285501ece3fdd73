/** The pods that a Job makes: name, labels, annotations, owner, and what an index adds. Source: semantics 3.5. */

import { uidOf } from '../../../kubernetes/meta.ts';
import type { Container, Job, OwnerReference, Pod } from '../../../kubernetes/objects.ts';
import {
  completionIndexKey,
  failureCountKey,
  failureCountOf,
  hasLimitPerIndex,
  ignoredFailureCountKey,
  ignoredFailureCountOf,
  isIndexed,
  trackingFinalizer,
} from './facts.ts';
import { judgeFailure } from './policies.ts';

/** The server adds five characters to a prefix and keeps the name within 63. */
const maximumPrefixLength = 58;
const indexVariable = 'JOB_COMPLETION_INDEX';

/** `JOB-`, or `JOB-INDEX-` cut in the Job's name so that it fits. */
export function podGenerateName(jobName: string, index?: number): string {
  if (index === undefined) return `${jobName}-`;
  const ending = `-${index}-`;
  const whole = jobName + ending;
  return whole.length <= maximumPrefixLength ? whole : whole.slice(0, maximumPrefixLength - ending.length) + ending;
}

/** The pod to create; `replaced` is the failed pod whose index it takes over, with the failures counted so far. */
export function podOf(job: Job, index?: number, replaced?: Pod): Pod {
  const template = structuredClone(job.spec?.template ?? {});
  const finalizers = template.metadata?.finalizers ?? [];
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: podGenerateName(job.metadata?.name ?? '', index),
      namespace: job.metadata?.namespace,
      ...(template.metadata?.labels ? { labels: template.metadata.labels } : {}),
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      finalizers: finalizers.includes(trackingFinalizer) ? finalizers : [...finalizers, trackingFinalizer],
      ownerReferences: [controllerReference(job)],
    },
    spec: template.spec,
  };
  if (isIndexed(job)) addIndexVariables(pod);
  if (index !== undefined) addIndex(pod, job, index, replaced);
  return pod;
}

export function controllerReference(job: Job): OwnerReference {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    name: job.metadata?.name ?? '',
    uid: uidOf(job),
    controller: true,
    blockOwnerDeletion: true,
  };
}

function addIndex(pod: Pod, job: Job, index: number, replaced: Pod | undefined): void {
  pod.metadata = {
    ...pod.metadata,
    labels: { ...pod.metadata?.labels, [completionIndexKey]: String(index) },
    annotations: {
      ...pod.metadata?.annotations,
      [completionIndexKey]: String(index),
      ...(hasLimitPerIndex(job) ? failureAnnotations(job, replaced) : {}),
    },
  };
  if (pod.spec) pod.spec.hostname = `${job.metadata?.name}-${index}`;
}

function failureAnnotations(job: Job, replaced: Pod | undefined): Record<string, string> {
  if (replaced === undefined) return { [failureCountKey]: '0' };
  const counted = judgeFailure(job, replaced).counted;
  const failures = failureCountOf(replaced) + (counted ? 1 : 0);
  const ignored = ignoredFailureCountOf(replaced) + (counted ? 0 : 1);
  return { [failureCountKey]: String(failures), ...(ignored > 0 ? { [ignoredFailureCountKey]: String(ignored) } : {}) };
}

function addIndexVariables(pod: Pod): void {
  const containers: Container[] = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  for (const container of containers) {
    if (container.env?.some((variable) => variable.name === indexVariable)) continue;
    const fieldPath = `metadata.labels['${completionIndexKey}']`;
    container.env = [...(container.env ?? []), { name: indexVariable, valueFrom: { fieldRef: { fieldPath } } }];
  }
}
