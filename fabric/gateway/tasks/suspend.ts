/** Pausing and resuming a schedule. */
import { tasks } from '../../task/index.ts';
import { problems } from '../errors.ts';
import { instantForms, instantMs } from '../lists/instant.ts';
import type { PauseBody } from '../schemas/pause.ts';
import type { Gateway } from '../settings.ts';
import { clusterAnswer } from './cluster-answer.ts';
import { find, isSchedule } from './find.ts';

/** Why it is paused, and when it is resumed by itself (epoch ms). */
export interface Pause {
  readonly reason?: string;
  readonly until?: number;
}

/** The last instant that RFC 3339 can write. */
const lastInstantMs = Date.UTC(9999, 11, 31, 23, 59, 59);

/** What a request asks for. Throws the Problem `invalid-body` unless it ends in the future (`now` is epoch ms). */
export function pauseOf({ reason, until }: PauseBody, now: number): Pause {
  const why = reason ? { reason } : {};
  if (until === undefined) return why;
  const instant = typeof until === 'number' ? until : instantMs(until);
  if (instant !== undefined && instant > now && instant <= lastInstantMs) return { ...why, until: instant };
  const message =
    instant === undefined ? `until must be ${instantForms}` : 'until must lie in the future, before the year 10000';
  throw problems.invalidBody([{ type: 'body', name: 'until', path: ['until'], message }]);
}

/**
 * Sets whether the schedule starts runs; setting it to what it is changes nothing. 404 when unknown, 409 when no
 * schedule.
 */
export async function setSuspended(
  gateway: Gateway,
  project: string,
  name: string,
  suspend: boolean,
  { reason, until }: Pause = {},
): Promise<void> {
  const { client } = gateway;
  const { task } = await find(gateway, project, name);
  if (!task || !isSchedule(task)) throw problems.notASchedule(name);
  if (!client) throw problems.noCluster('pausing a schedule');
  // Kubernetes knows whole seconds: not before the instant that was asked for.
  const suspendUntil = until === undefined ? null : wireTime(Math.ceil(until / 1000) * 1000);
  const patch = { spec: { suspend, suspendUntil, suspendReason: reason ?? null } };
  await clusterAnswer(client.patch(tasks, task.metadata?.namespace, name, 'merge', patch, { fieldManager: 'gateway' }));
}

function wireTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
