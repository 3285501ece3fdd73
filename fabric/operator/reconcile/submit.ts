/** A one-time Task becomes its Job: once, whatever the view shows and whenever the operator is killed. */
import { hasReason } from '../../../kubernetes/client.ts';
import { keyOf } from '../../../kubernetes/meta.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { cronJobs, jobs } from '../../../kubernetes/resources.ts';
import { withArtifacts } from '../../task/artifacts.ts';
import { annotatedFields, logFolderAnnotation } from '../../task/labels.ts';
import { onceLogFolder } from '../../task/names.ts';
import { type Task, tasks } from '../../task/task.ts';
import { controllerUidOf } from '../cluster-view.ts';
import { freeFolder } from '../logs/folder.ts';
import type { Context } from './context.ts';
import { refuseName, refuseRejected } from './refuse.ts';

/** The Task's Job if it is still there. A Task that has had its Job is never given another one. */
export async function submitOnce(
  context: Context,
  task: Task,
  manifest: Job,
): Promise<'refused' | { readonly job: Job | undefined }> {
  const { name, uid } = task.metadata ?? {};
  const seen = context.view.job(keyOf(manifest));
  if (seen && controllerUidOf(seen) === uid) return { job: seen };
  if (context.statuses.current(task).jobUid !== undefined) return { job: undefined };
  if (!(await isStillToDo(context, task))) return { job: undefined };
  const live = seen && (await stillThere(context, seen));
  if (live && controllerUidOf(live) === uid) return { job: live };
  const holder = live ?? (await cronJobCalled(context, task));
  if (holder) return refuseName(context, task, holder);
  try {
    const wanted = await withFolder(context, manifest);
    context.runs.expect(keyOf(manifest));
    const job = await context.client.create<Job>(jobs, wanted.metadata?.namespace, wanted);
    context.recorder.event(task, 'Normal', 'Submitted', `Created job ${name}`);
    return { job };
  } catch (error) {
    context.runs.unexpect(keyOf(manifest));
    if (hasReason(error, 'AlreadyExists')) return adopt(context, task, manifest);
    return refuseRejected(context, task, error);
  }
}

/** Read live: in a stale view a Task may still look new whose Job has come and gone, or that is deleted. */
async function isStillToDo(context: Context, task: Task): Promise<boolean> {
  try {
    const live = await context.client.get<Task>(tasks, task.metadata?.namespace, task.metadata?.name ?? '');
    const { uid, deletionTimestamp } = live.metadata ?? {};
    return uid === task.metadata?.uid && deletionTimestamp === undefined && live.status?.jobUid === undefined;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return false;
    throw error;
  }
}

/** The Job of that name now: the view may not have heard that the one it shows has gone. */
async function stillThere(context: Context, { metadata }: Job): Promise<Job | undefined> {
  try {
    return await context.client.get<Job>(jobs, metadata?.namespace, metadata?.name ?? '');
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** A CronJob takes the Jobs of any owner that is called like itself for its own runs (semantics 2.5). */
async function cronJobCalled(context: Context, task: Task): Promise<CronJob | undefined> {
  try {
    return await context.client.get<CronJob>(cronJobs, task.metadata?.namespace, task.metadata?.name ?? '');
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Somebody has made a Job of this name: this operator before the view showed it, or another owner. */
async function adopt(context: Context, task: Task, manifest: Job): Promise<'refused' | { readonly job: Job }> {
  const job = await context.client.get<Job>(jobs, manifest.metadata?.namespace, manifest.metadata?.name ?? '');
  if (controllerUidOf(job) === task.metadata?.uid) return { job };
  return refuseName(context, task, job);
}

/** The manifest with the folder of its log noted, and told to the run: what it leaves lies beside its log. */
async function withFolder(context: Context, manifest: Job): Promise<Job> {
  const { contentUrl, world } = context;
  const plain = onceLogFolder(manifest.metadata?.name ?? '', world.clock.now());
  const project = manifest.metadata?.annotations?.[annotatedFields.projectId] ?? '';
  const suffix = (controllerUidOf(manifest) ?? '').slice(0, 8);
  const folder = contentUrl === undefined ? plain : await freeFolder({ world, contentUrl, project }, plain, suffix);
  const annotations = { ...manifest.metadata?.annotations, [logFolderAnnotation]: folder };
  return withArtifacts({ ...manifest, metadata: { ...manifest.metadata, annotations } }, folder);
}
