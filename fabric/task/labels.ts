/**
 * What Fabric writes on its Jobs and CronJobs besides their spec: labels to select by, annotations that carry the
 * Task's words as they were given. A run outlives its Task, so everything that a record needs stands on the Job.
 */

import { labelValue } from './names.ts';
import { quantityTexts } from './quantity.ts';
import { fabricGroup, isScheduled, type Resources, type TaskSpec } from './task.ts';

const managedByLabel = 'app.kubernetes.io/managed-by';
const managedByValue = 'fabric-operator';
/** Selects all that the operator made. */
export const managedSelector = `${managedByLabel}=${managedByValue}`;

/** The container of a Task's pod. */
export const taskContainer = 'task';

export const projectLabel = `${fabricGroup}/project`;
export const taskLabel = `${fabricGroup}/task`;
export const jobTypeLabel = `${fabricGroup}/job-type`;

/** Keeps a Job until its record and its log are safe. */
export const reportFinalizer = `${fabricGroup}/report`;
/** On a Job: the end state that the gateway has acknowledged, as JSON. Nothing is reported after it. */
export const reportedAnnotation = `${fabricGroup}/reported`;
/** On a Job: what of its log is safe, attempt by attempt, as JSON. */
export const logsAnnotation = `${fabricGroup}/logs`;
/** On a Job: the folder that its log was given. */
export const logFolderAnnotation = `${fabricGroup}/log-folder`;
/** On a CronJob: the hash of the manifest that it was last brought to. */
export const manifestHashAnnotation = `${fabricGroup}/manifest-hash`;
/** Which generation of the Task made this Job. */
export const generationAnnotation = `${fabricGroup}/task-generation`;
/** The Task's uid; runs of a schedule have the CronJob as their owner. */
export const taskUidAnnotation = `${fabricGroup}/task-uid`;
/** Whether records and logs leave the cluster: `false` when the task pool says `persistTasks: false`. */
export const persistAnnotation = `${fabricGroup}/persist`;
/** The Task's history limits and wishes for the pod as given, as JSON: what the manifest cannot be read back from. */
export const limitsAnnotation = `${fabricGroup}/limits`;

/** Text fields of the Task that stand in an annotation of their own. */
export const annotatedFields = {
  projectId: `${fabricGroup}/project-id`,
  skillName: `${fabricGroup}/skill-name`,
  actionName: `${fabricGroup}/action-name`,
  username: `${fabricGroup}/username`,
  source: `${fabricGroup}/source`,
  agentName: `${fabricGroup}/agent-name`,
  activationId: `${fabricGroup}/activation-id`,
  correlationId: `${fabricGroup}/correlation-id`,
  channelId: `${fabricGroup}/channel-id`,
  refId: `${fabricGroup}/ref-id`,
  sessionId: `${fabricGroup}/session-id`,
  taskPool: `${fabricGroup}/task-pool`,
  schedule: `${fabricGroup}/schedule`,
  timeZone: `${fabricGroup}/time-zone`,
  concurrencyPolicy: `${fabricGroup}/concurrency-policy`,
} as const satisfies Partial<Record<keyof TaskSpec, string>>;

type AnnotatedField = keyof typeof annotatedFields;

/** Fields that operators and people select Jobs by; values are made legal by `labelValue`. */
const labelledFields = {
  projectId: projectLabel,
  skillName: `${fabricGroup}/skill`,
  actionName: `${fabricGroup}/action`,
  agentName: `${fabricGroup}/agent`,
  activationId: `${fabricGroup}/activation`,
  taskPool: `${fabricGroup}/pool`,
} as const satisfies Partial<Record<keyof TaskSpec, string>>;

/** Labels of the Job or CronJob of a Task, and of its pods. */
export function labelsFor(taskName: string, spec: TaskSpec): Record<string, string> {
  const labels: Record<string, string> = {
    [managedByLabel]: managedByValue,
    [taskLabel]: taskName,
    [jobTypeLabel]: isScheduled(spec) ? 'cron' : 'onetime',
  };
  for (const [field, label] of Object.entries(labelledFields)) {
    const value = spec[field as keyof typeof labelledFields];
    if (value !== undefined && value !== '') labels[label] = labelValue(value);
  }
  return labels;
}

/** What is read back from the container and may have got more by `podSpec`. */
export interface BeforePodSpec {
  /** So many variables, the first ones, were the Task's own. */
  readonly variables: number;
  readonly resources?: Resources;
}

function beforePodSpec({ environment = {}, resources }: TaskSpec): BeforePodSpec {
  const texts = quantityTexts(resources);
  return { variables: Object.keys(environment).length, ...(texts ? { resources: texts } : {}) };
}

/** The Task's own words on a Job: each text field as it was given, numbers together as JSON. */
export function annotationsFor(spec: TaskSpec): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const [field, annotation] of Object.entries(annotatedFields)) {
    const value = spec[field as AnnotatedField];
    if (value !== undefined) annotations[annotation] = value;
  }
  const limits = {
    startingDeadlineSeconds: spec.startingDeadlineSeconds,
    successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit,
    failedJobsHistoryLimit: spec.failedJobsHistoryLimit,
    ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished,
    podSpec: spec.podSpec,
    beforePodSpec: spec.podSpec?.length ? beforePodSpec(spec) : undefined,
  };
  if (Object.values(limits).some((value) => value !== undefined))
    annotations[limitsAnnotation] = JSON.stringify(limits);
  return annotations;
}
