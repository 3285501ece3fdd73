/**
 * From a checked Task to the Job of its one run, and to the Job spec that a schedule's runs share.
 *
 * `ttlSecondsAfterFinished` is not given to Kubernetes: its TTL controller would delete a finished Job with its pods,
 * log shipped or not. The operator applies it when record and log are safe.
 */
import type { Container, Job, JobSpec, OwnerReference, PodSpec } from '../../kubernetes/objects.ts';
import { runVariables } from './artifacts.ts';
import {
  annotationsFor,
  generationAnnotation,
  labelsFor,
  persistAnnotation,
  reportFinalizer,
  taskContainer,
  taskUidAnnotation,
} from './labels.ts';
import { emptyPayload, escapeArgument } from './payload.ts';
import { withPodSpec } from './pod-spec.ts';
import { quantityTexts } from './quantity.ts';
import { fabricApiVersion, isScheduled, type Task, type TaskSpec } from './task.ts';

/** A Task that `clusterTaskIssues` finds nothing wrong with. */
export interface CheckedTask {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number | undefined;
  readonly spec: TaskSpec;
  /** False: the task pool keeps records and logs in the cluster. */
  readonly persist: boolean;
}

/** The owner reference that makes a Job or CronJob the Task's. */
export function ownedBy(task: CheckedTask): OwnerReference {
  return {
    apiVersion: fabricApiVersion,
    kind: 'Task',
    name: task.name,
    uid: task.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Annotations of the Job (a schedule's runs get them from the CronJob's template). */
export function jobAnnotations(task: CheckedTask): Record<string, string> {
  return {
    ...annotationsFor(task.spec),
    [taskUidAnnotation]: task.uid,
    ...(task.generation === undefined ? {} : { [generationAnnotation]: `${task.generation}` }),
    ...(task.persist ? {} : { [persistAnnotation]: 'false' }),
  };
}

export function toJobSpec(task: CheckedTask): JobSpec {
  const { spec } = task;
  return {
    backoffLimit: spec.backoffLimit ?? 0,
    ...(spec.activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds: spec.activeDeadlineSeconds }),
    template: {
      metadata: { labels: labelsFor(task.name, spec) },
      spec: toPodSpec(spec),
    },
  };
}

/** Wishes for the pod must have been checked: those that cannot be are left out. */
export function toPodSpec(spec: TaskSpec): PodSpec {
  // Never: each try is a pod of its own, whose log stays until it has been read.
  const base: PodSpec = { restartPolicy: 'Never', containers: [toContainer(spec)] };
  const merged = withPodSpec(base, spec.podSpec ?? []);
  return 'spec' in merged ? merged.spec : base;
}

function toContainer(spec: TaskSpec): Container {
  const variables = Object.entries(spec.environment ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const env = [
    ...(isScheduled(spec) ? runVariables.map((variable) => structuredClone(variable)) : []),
    ...variables.map(([name, value]) => ({ name, value })),
  ];
  const resources = quantityTexts(spec.resources);
  return {
    name: taskContainer,
    image: spec.image,
    ...(spec.command?.length ? { command: [...spec.command] } : {}),
    args: [...(spec.args ?? []), escapeArgument(spec.payload ?? emptyPayload)],
    ...(env.length > 0 ? { env } : {}),
    ...(resources === undefined ? {} : { resources }),
  };
}

/** The Job of a one-time Task; it has the Task's name and keeps its finalizer until its record and log are safe. */
export function toJob(task: CheckedTask): Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: task.name,
      namespace: task.namespace,
      labels: labelsFor(task.name, task.spec),
      annotations: jobAnnotations(task),
      finalizers: [reportFinalizer],
      ownerReferences: [ownedBy(task)],
    },
    spec: toJobSpec(task),
  };
}

/** The parts of a Task that the mapping needs; its faults must have been looked for. */
export function checkedTask(task: Task, spec: TaskSpec, persist: boolean): CheckedTask {
  const { name = '', namespace = '', uid = '', generation } = task.metadata ?? {};
  return { name, namespace, uid, generation, spec, persist };
}
