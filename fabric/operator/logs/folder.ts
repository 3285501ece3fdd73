/**
 * The folder of a run's log in managed content: the Job's own name for runs of a schedule (it ends in the scheduled
 * minute), `<task>-<minute>` for one-time Tasks. When another run already has it (the same names in another namespace,
 * or deleted and created again within the minute) a piece of the uid is appended: no log is ever written into another
 * one.
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

/** Where managed content has the log. Both names come from annotations, which whoever may write Jobs can change. */
export function logUrl(contentUrl: string, project: string, folder: string): string {
  return `${contentUrl}/internal/logs/${segment(project)}/${segment(folder)}`;
}

/** One segment of a path, whatever the text is: dots that a URL would resolve become another name, which nobody has. */
function segment(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%252E'));
}

/**
 * The folder for a run that nobody has shipped anything of: `plain`, or `plain` with `suffix` if content has a log
 * there. Content that does not answer within two seconds is taken to have none.
 */
export async function freeFolder(
  options: { readonly world: World; readonly contentUrl: string; readonly project: string },
  plain: string,
  suffix: string,
): Promise<string> {
  const url = logUrl(options.contentUrl, options.project, plain);
  const deadline = deadlineSignal(options.world.clock, answerDeadlineMs, `GET ${url}`);
  try {
    const response = await options.world.network.fetch(url, { signal: deadline.signal });
    await response.text();
    // 409: somebody has stored an object of his own there.
    return response.status === 200 || response.status === 409 ? `${plain}-${suffix}` : plain;
  } catch (error) {
    options.world.log.debug('log folder not checked', { url, error: String(error) });
    return plain;
  } finally {
    deadline.clear();
  }
}
