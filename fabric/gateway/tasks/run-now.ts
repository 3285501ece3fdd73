/**
 * A run of a schedule now, outside of its times, as `kubectl create job --from=cronjob` makes it (kubectl
 * create_job.go, createJobFromCronJob). It is the schedule's: the operator reports it and ships its log like those of
 * its other runs. What its concurrency policy is held to stands in decision 0020.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { cronJobs, jobs } from '../../../kubernetes/resources.ts';
import { type Task, taskLabel } from '../../task/index.ts';
import { problems } from '../errors.ts';
import { instantForms, instantMs } from '../lists/instant.ts';
import type { RunBody } from '../schemas/run.ts';
import type { Gateway } from '../settings.ts';
import { clusterAnswer, clusterProblem } from './cluster-answer.ts';
import { find, isSchedule } from './find.ts';

const manualAnnotation = 'cronjob.kubernetes.io/instantiate';
const scheduledTimestampAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Six characters have sixteen million values: two of one schedule at once is a matter for another try. */
const nameTries = 3;

interface RunRequest {
  readonly project: string;
  readonly name: string;
  /** The planned start that it stands for, epoch ms. */
  readonly scheduledTime: number;
}

/**
 * The planned start that is asked for, else now. Throws the Problem `invalid-body` for one that is none, or that is
 * still to come.
 */
export function scheduledTimeOf({ scheduledTime }: RunBody, now: number): number {
  if (scheduledTime === undefined) return now;
  const instant = typeof scheduledTime === 'number' ? scheduledTime : instantMs(scheduledTime);
  if (instant !== undefined && instant >= 0 && instant <= now) return instant;
  const message =
    instant === undefined
      ? `scheduledTime must be ${instantForms}`
      : 'scheduledTime must be now or in the past: starts to come are made by the schedule';
  throw problems.invalidBody([{ type: 'body', name: 'scheduledTime', path: ['scheduledTime'], message }]);
}

/**
 * The name of the run. 404 when there is no such schedule; 409 when it is no schedule, or its policy forbids a run at
 * the moment.
 */
export async function runNow(gateway: Gateway, client: KubernetesClient, request: RunRequest): Promise<string> {
  const { project, name } = request;
  const { task } = await find(gateway, project, name);
  if (!task || !isSchedule(task)) throw problems.notRunnable(name);
  return gateway.runLocks.run(task.metadata?.uid ?? '', async () => {
    const cronJob = await cronJobOf(client, task);
    await makeRoom(client, task);
    return create(gateway, client, cronJob, request.scheduledTime);
  });
}

/** Its CronJob; a schedule that the operator has not taken up, or that it refuses, has none. */
async function cronJobOf(client: KubernetesClient, { metadata }: Task): Promise<CronJob> {
  const { namespace, name = '', uid } = metadata ?? {};
  try {
    const cronJob = await client.get<CronJob>(cronJobs, namespace, name);
    if (cronJob.metadata?.ownerReferences?.some((owner) => owner.controller && owner.uid === uid)) return cronJob;
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw clusterProblem(error);
  }
  throw problems.notTakenUp(name);
}

/** What the policy asks for before a start: none may run (Forbid), or what runs has to go (Replace). */
async function makeRoom(client: KubernetesClient, { metadata, spec }: Task): Promise<void> {
  const policy = spec?.concurrencyPolicy ?? 'Allow';
  if (policy === 'Allow') return;
  const { namespace, name = '' } = metadata ?? {};
  const { items } = await clusterAnswer(client.list<Job>(jobs, { namespace, labelSelector: `${taskLabel}=${name}` }));
  const active = items.filter((job) => !hasEnded(job) && job.metadata?.deletionTimestamp === undefined);
  if (policy === 'Forbid' && active[0]) throw problems.runActive(name, active[0].metadata?.name ?? '');
  for (const job of active) await remove(client, job);
}

function hasEnded({ status }: Job): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
}

async function remove(client: KubernetesClient, { metadata }: Job): Promise<void> {
  try {
    await client.delete(jobs, metadata?.namespace, metadata?.name ?? '', { propagationPolicy: 'Background' });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw clusterProblem(error);
  }
}

async function create(
  gateway: Gateway,
  client: KubernetesClient,
  cronJob: CronJob,
  scheduledTime: number,
): Promise<string> {
  const random = gateway.world.random.stream('runs outside of their times');
  for (let tries = 1; ; tries += 1) {
    const name = `${cronJob.metadata?.name}-run-${random.uuid().slice(0, 6)}`;
    try {
      await client.create<Job>(jobs, cronJob.metadata?.namespace, jobFrom(cronJob, name, scheduledTime));
      return name;
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists') || tries === nameTries) throw clusterProblem(error);
    }
  }
}

/** Without `blockOwnerDeletion`, as kubectl: that needs rights on the CronJob's finalizers. */
function jobFrom({ metadata, spec }: CronJob, name: string, scheduledTime: number): Job {
  const { uid = '', namespace } = metadata ?? {};
  const template = spec?.jobTemplate;
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata?.name ?? '', uid, controller: true };
  const planned = new Date(scheduledTime).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      labels: { ...template?.metadata?.labels },
      annotations: {
        ...template?.metadata?.annotations,
        [manualAnnotation]: 'manual',
        [scheduledTimestampAnnotation]: planned,
      },
      ownerReferences: [owner],
    },
    ...(template?.spec ? { spec: template.spec } : {}),
  };
}
