/** A scheduled Task's CronJob is made, or brought to what the Task says now: schedule, suspension, template. */
import { hasReason } from '../../../kubernetes/client.ts';
import { keyOf } from '../../../kubernetes/meta.ts';
import type { CronJob } from '../../../kubernetes/objects.ts';
import { cronJobs } from '../../../kubernetes/resources.ts';
import { manifestHashAnnotation } from '../../task/labels.ts';
import { manifestHash } from '../../task/manifest.ts';
import type { Task } from '../../task/task.ts';
import { controllerUidOf } from '../cluster-view.ts';
import type { Context } from './context.ts';
import { refuse, refuseName, refuseRejected } from './refuse.ts';

/** The CronJob as it stands after this; runs that have begun keep the template that they were started from. */
export async function applySchedule(context: Context, task: Task, manifest: CronJob): Promise<CronJob | 'refused'> {
  if (context.statuses.current(task).jobUid !== undefined) {
    const message = 'spec.schedule: the task has run once and cannot become a schedule: create another one';
    return refuse(context, task, { reason: 'KindChanged', message });
  }
  const wanted = withHash(manifest);
  try {
    return (await applyToSeen(context, task, wanted)) ?? (await applyToLive(context, task, wanted));
  } catch (error) {
    return refuseRejected(context, task, error);
  }
}

/**
 * Works on what the view shows; undefined where that is not how the cluster is, since a watch lags or has lost an
 * event.
 */
async function applyToSeen(context: Context, task: Task, wanted: CronJob): Promise<CronJob | undefined> {
  const seen = context.view.cronJob(keyOf(wanted));
  try {
    if (!seen) return await create(context, task, wanted);
    if (controllerUidOf(seen) !== task.metadata?.uid) return undefined;
    return await bring(context, task, context.writtenCronJobs.newest(seen), wanted);
  } catch (error) {
    if (staleReasons.some((reason) => hasReason(error, reason))) return undefined;
    throw error;
  }
}

/** What the server answers to a write that rests on an old view. */
const staleReasons = ['AlreadyExists', 'Conflict', 'NotFound'] as const;

/** Whatever changes between this read and its write is a conflict again, and another look at the Task. */
async function applyToLive(context: Context, task: Task, wanted: CronJob): Promise<CronJob | 'refused'> {
  const live = await readLive(context, wanted);
  if (!live) return create(context, task, wanted);
  if (controllerUidOf(live) !== task.metadata?.uid) return refuseName(context, task, live);
  return bring(context, task, live, wanted);
}

async function readLive({ client }: Context, { metadata }: CronJob): Promise<CronJob | undefined> {
  try {
    return await client.get<CronJob>(cronJobs, metadata?.namespace, metadata?.name ?? '');
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function create(context: Context, task: Task, wanted: CronJob): Promise<CronJob> {
  const { namespace, name = '' } = wanted.metadata ?? {};
  const cronJob = await context.client.create<CronJob>(cronJobs, namespace, wanted);
  context.writtenCronJobs.wrote(cronJob);
  context.recorder.event(task, 'Normal', 'Scheduled', `Created cronjob ${name}`);
  return cronJob;
}

/** PUT with the version that was read: a CronJob that has changed meanwhile gives a conflict. */
async function bring(context: Context, task: Task, held: CronJob, wanted: CronJob): Promise<CronJob> {
  if (isAsWanted(held, wanted)) return held;
  const next: CronJob = {
    ...held,
    metadata: {
      ...held.metadata,
      labels: { ...held.metadata?.labels, ...wanted.metadata?.labels },
      annotations: { ...held.metadata?.annotations, ...wanted.metadata?.annotations },
    },
    ...(wanted.spec ? { spec: wanted.spec } : {}),
  };
  const cronJob = await context.client.replace<CronJob>(cronJobs, next);
  context.writtenCronJobs.wrote(cronJob);
  context.recorder.event(task, 'Normal', 'Updated', `Updated cronjob ${wanted.metadata?.name}`);
  return cronJob;
}

function withHash(manifest: CronJob): CronJob {
  const annotations = { ...manifest.metadata?.annotations, [manifestHashAnnotation]: manifestHash(manifest) };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

const heldFields = [
  'schedule',
  'timeZone',
  'startingDeadlineSeconds',
  'concurrencyPolicy',
  'suspend',
  'successfulJobsHistoryLimit',
  'failedJobsHistoryLimit',
] as const;

/** By the hash of the manifest, and by the fields that somebody may have changed on the CronJob itself. */
function isAsWanted(held: CronJob, wanted: CronJob): boolean {
  const hash = (cronJob: CronJob) => cronJob.metadata?.annotations?.[manifestHashAnnotation];
  return hash(held) === hash(wanted) && heldFields.every((field) => held.spec?.[field] === wanted.spec?.[field]);
}
