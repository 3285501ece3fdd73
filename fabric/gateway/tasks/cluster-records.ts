/**
 * Records of what the store has none of: one-time Tasks and runs of schedules whose records stay in the cluster. They
 * are made of Task, Job and pods as the operator would report them, and last as long as these do.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { jobs, pods } from '../../../kubernetes/resources.ts';
import { runFacts } from '../../operator/run/outcome.ts';
import { recordOf } from '../../operator/run/record.ts';
import {
  isPersisted,
  isScheduled,
  jobTypeLabel,
  labelValue,
  managedSelector,
  projectLabel,
  type Task,
  taskSpecOf,
  tasks,
} from '../../task/index.ts';
import type { Gateway } from '../settings.ts';
import { clusterAnswer } from './cluster-answer.ts';
import { isObjectName, onceRecord } from './cluster-tasks.ts';
import type { StoredRecord } from './record.ts';
import { withoutToken } from './without-token.ts';

/** Whether the store has no record of the Task, and will have none. */
export function isUnrecordedTask({ persistTasks, pools }: Gateway, { metadata, spec }: Task): boolean {
  return !persistTasks || pools?.has(metadata?.namespace, spec?.taskPool) === true;
}

function isUnrecordedRun({ persistTasks }: Gateway, job: Job): boolean {
  return !persistTasks || !isPersisted(job);
}

/** All of the project that the cluster has. */
export async function clusterRecords(
  gateway: Gateway,
  client: KubernetesClient,
  project: string,
): Promise<StoredRecord[]> {
  const labelSelector = `${managedSelector},${projectLabel}=${labelValue(project)},${jobTypeLabel}=cron`;
  const [allTasks, allRuns] = await Promise.all([
    clusterAnswer(client.list<Task>(tasks)),
    clusterAnswer(client.list<Job>(jobs, { labelSelector })),
  ]);
  const once = allTasks.items.filter(({ spec }) => spec?.projectId === project && !isScheduled(spec));
  const runs = allRuns.items.filter((job) => taskSpecOf(job).projectId === project && isUnrecordedRun(gateway, job));
  const allPods = runs.length === 0 ? [] : (await clusterAnswer(client.list<Pod>(pods, { labelSelector }))).items;
  const podsOf = (job: Job) => allPods.filter((pod) => isPodOf(pod, job));
  return [
    ...once.filter((task) => isUnrecordedTask(gateway, task)).map((task) => inCluster(onceRecord(task))),
    ...runs.map((job) => runRecord(job, podsOf(job))),
  ];
}

/** The run of that name, recorded or not: what was just made has not been reported yet. */
export async function clusterRun(
  gateway: Gateway,
  client: KubernetesClient,
  project: string,
  name: string,
): Promise<StoredRecord | undefined> {
  if (!isObjectName(name)) return undefined;
  const job = await jobCalled(gateway, client, project, name);
  if (!job) return undefined;
  const labelSelector = `batch.kubernetes.io/controller-uid=${job.metadata?.uid}`;
  const { items } = await clusterAnswer(client.list<Pod>(pods, { namespace: job.metadata?.namespace, labelSelector }));
  const record = runRecord(job, items);
  return isUnrecordedRun(gateway, job) ? record : { ...record, inCluster: undefined };
}

async function jobCalled(
  { namespace }: Gateway,
  client: KubernetesClient,
  project: string,
  name: string,
): Promise<Job | undefined> {
  const isIt = (job: Job) =>
    job.metadata?.name === name &&
    job.metadata.labels?.[jobTypeLabel] === 'cron' &&
    taskSpecOf(job).projectId === project;
  try {
    const job = await client.get<Job>(jobs, namespace, name);
    if (isIt(job)) return job;
  } catch (error) {
    if (!hasReason(error, 'NotFound')) await clusterAnswer(Promise.reject(error));
  }
  const selectors = { labelSelector: managedSelector, fieldSelector: `metadata.name=${name}` };
  return (await clusterAnswer(client.list<Job>(jobs, selectors))).items.find(isIt);
}

function runRecord(job: Job, itsPods: readonly Pod[]): StoredRecord {
  const facts = runFacts(job, itsPods);
  const changedAt = facts.endTime ?? facts.startTime ?? Date.parse(job.metadata?.creationTimestamp ?? '');
  const { sequence: _, payload, ...record } = recordOf(job, facts, changedAt);
  return inCluster({ ...record, ...(payload === undefined ? {} : { payload: withoutToken(payload) }) });
}

function inCluster(record: StoredRecord): StoredRecord {
  return { ...record, inCluster: true };
}

function isPodOf({ metadata }: Pod, job: Job): boolean {
  return metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid) === true;
}
