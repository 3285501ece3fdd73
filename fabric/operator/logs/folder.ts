/**
 * The folder of a run's log in managed content: the Job's own name for runs of a schedule (it ends in the scheduled minute),
 * `<task>-<minute>` for one-time Tasks. When another run already has it (the same names in another namespace, or deleted and
 * created again within the minute) a piece of the uid is appended: no log is ever written into another one.
 */

import type { Job } from '../../../kubernetes/objects.ts';
import { deadlineSignal } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import { logFolderAnnotation } from '../../task/labels.ts';
import { onceLogFolder } from '../../task/names.ts';
import { jobTypeOf } from '../../task/read-back.ts';
import { millisOf } from '../run/time.ts';

const answerDeadlineMs = 2_000;

/** The folder that a Job was given, else the one that its name says. */
export function logFolderOf(job: Job): string {
  return job.metadata?.annotations?.[logFolderAnnotation] ?? plainFolder(job);
}

function plainFolder(job: Job): string {
  const name = job.metadata?.name ?? '';
  if (jobTypeOf(job) === 'cron') return name;
  return onceLogFolder(name, millisOf(job.metadata?.creationTimestamp) ?? 0);
}

/**
 * The folder for a run that nobody has shipped anything of: `plain`, or `plain` with `suffix` if content has a log there. Content
 * that does not answer within two seconds is taken to have none.
 */
export async function freeFolder(
  options: { readonly world: World; readonly contentUrl: string; readonly project: string },
  plain: string,
  suffix: string,
): Promise<string> {
  const url = `${options.contentUrl}/internal/logs/${encodeURIComponent(options.project)}/${encodeURIComponent(plain)}`;
  const deadline = deadlineSignal(options.world.clock, answerDeadlineMs, `GET ${url}`);
  try {
    const response = await options.world.network.fetch(url, { signal: deadline.signal });
    await response.text();
    return response.status === 200 ? `${plain}-${suffix}` : plain;
  } catch (error) {
    options.world.log.debug('log folder not checked', { url, error: String(error) });
    return plain;
  } finally {
    deadline.clear();
  }
}
