/**
 * Takes hold of a run: with the finalizer on it, a Job stays until its record and log are safe. A CronJob copies labels
 * and annotations to its Jobs and no finalizers, so its runs get theirs when they are first seen.
 */
import { hasReason } from '../../../kubernetes/client.ts';
import type { Job } from '../../../kubernetes/objects.ts';
import { jobs } from '../../../kubernetes/resources.ts';
import { annotatedFields, logFolderAnnotation, reportFinalizer } from '../../task/labels.ts';
import { isPersisted } from '../../task/read-back.ts';
import { freeFolder, logFolderOf } from '../logs/folder.ts';
import type { Context } from './context.ts';
import type { RunMemory } from './run-book.ts';

/**
 * The Job, held; undefined when it is gone. One that is already being deleted can no longer be held and is taken as it
 * is.
 */
export async function hold(context: Context, job: Job, memory: RunMemory): Promise<Job | undefined> {
  if (memory.held) return job;
  if (job.metadata?.finalizers?.includes(reportFinalizer)) {
    memory.held = true;
    return job;
  }
  memory.fresh = true;
  if (job.metadata?.deletionTimestamp) return job;
  const { namespace, name = '', uid } = job.metadata ?? {};
  const annotations = await folderAnnotation(context, job);
  // The uid makes sure that no Job of the same name is taken instead.
  const patch = { metadata: { uid, finalizers: [reportFinalizer], ...annotations } };
  try {
    const held = await context.client.patch<Job>(jobs, namespace, name, 'strategic-merge', patch);
    memory.held = true;
    return held;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    // Another Job of that name, or being deleted since the view was taken: finalizers can no longer be added (semantics
    // 1.13).
    if (hasReason(error, 'Invalid')) return undefined;
    throw error;
  }
}

/** Only a folder other than the plain one has to be noted. */
async function folderAnnotation(context: Context, job: Job): Promise<{ annotations?: Record<string, string> }> {
  const { contentUrl, world } = context;
  if (contentUrl === undefined || !isPersisted(job)) return {};
  const plain = logFolderOf(job);
  const project = job.metadata?.annotations?.[annotatedFields.projectId] ?? '';
  const folder = await freeFolder({ world, contentUrl, project }, plain, (job.metadata?.uid ?? '').slice(0, 8));
  return folder === plain ? {} : { annotations: { [logFolderAnnotation]: folder } };
}
