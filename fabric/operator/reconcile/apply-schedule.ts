/** A scheduled Task's CronJob is made, or brought to what the Task says now: schedule, suspension, template. */
import { hasReason } from '../../../kubernetes/client.ts';
import type { CronJob } from '../../../kubernetes/objects.ts';
import { cronJobs } from '../../../kubernetes/resources.ts';
import { manifestHashAnnotation } from '../../task/labels.ts';
import { manifestHash } from '../../task/manifest.ts';
import type { Task } from '../../task/task.ts';
import { controllerUidOf, keyOf } from '../cluster-view.ts';
import type { Context } from './context.ts';
import { refuse, refuseName, refuseRejected } from './refuse.ts';

/** The CronJob as it stands after this; runs that have begun keep the template that they were started from. */
export async function applySchedule(context: Context, task: Task, manifest: CronJob): Promise<CronJob | 'refused'> {
  if (context.statuses.current(task).jobUid !== undefined) {
    const message = 'spec.schedule: the task has run once and cannot become a schedule: create another one';
    return refuse(context, task, { reason: 'KindChanged', message });
  }
  const wanted = withHash(manifest);
  const held = context.view.cronJob(keyOf(manifest));
  try {
    if (!held) return await create(context, task, wanted);
    if (controllerUidOf(held) !== task.metadata?.uid) return await refuseName(context, task, held);
    return isAsWanted(held, wanted) ? held : await bring(context, task, held, wanted);
  } catch (error) {
    return refuseRejected(context, task, error);
  }
}

async function create(context: Context, task: Task, wanted: CronJob): Promise<CronJob | 'refused'> {
  const { namespace, name = '' } = wanted.metadata ?? {};
  try {
    const cronJob = await context.client.create<CronJob>(cronJobs, namespace, wanted);
    context.recorder.event(task, 'Normal', 'Scheduled', `Created cronjob ${name}`);
    return cronJob;
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
  const holder = await context.client.get<CronJob>(cronJobs, namespace, name);
  return controllerUidOf(holder) === task.metadata?.uid ? holder : refuseName(context, task, holder);
}

/** PUT with the version that was read: a CronJob that has changed meanwhile gives a conflict and another look. */
async function bring(context: Context, task: Task, held: CronJob, wanted: CronJob): Promise<CronJob> {
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
