/** How the Task of a call ended, and what it printed. */
import { hasReason, type KubernetesClient } from '../../../../kubernetes/client.ts';
import { isTaskState, isTerminal, type Task, tasks } from '../../../task/index.ts';
import { logKeyOf } from '../../logs/content-log.ts';
import { logText } from '../../logs/text.ts';
import type { Gateway } from '../../settings.ts';
import { isUnrecordedTask } from '../../tasks/cluster-records.ts';
import { onceRecord } from '../../tasks/cluster-tasks.ts';
import { creationOf } from '../../tasks/create.ts';
import type { StoredRecord } from '../../tasks/record.ts';
import type { CallRecord } from '../../tasks/records.ts';
import type { Outcome } from '../runtime.ts';

/** The Task of a call: how its record is found, and what the resource bears. */
export interface Submitted extends CallRecord {
  readonly creation: string;
}

/**
 * Reports come to this gateway by itself; those that another one has taken are asked for, the seldomer the longer the
 * job runs.
 */
const pollMs = 1_000;
const pollMsMaximum = 30_000;
/** The operator tells the end first and the log's then: what is in managed content is waited for so long. */
const logPatienceMs = 30_000;
/** A Task whose records stay in the cluster is told by its own status; so long reports have time to come. */
const statusPatienceMs = 30_000;
/** The log, and beside it the activation, must fit into a document of the store. */
const outputBytesMaximum = 1024 * 1024;

/**
 * Resolves when the run has ended and its log is safe, or can be had from the cluster. Rejects with the signal's
 * reason.
 */
export async function endOfTask(
  gateway: Gateway,
  client: KubernetesClient,
  submitted: Submitted,
  signal: AbortSignal,
): Promise<Outcome> {
  const { world } = gateway;
  let waitMs = pollMs;
  let endedAt: number | undefined;
  for (;;) {
    const changed = gateway.records.changed(submitted.name, waitMs, signal);
    const record = await endedRecord(gateway, client, submitted);
    if (record) {
      endedAt ??= world.clock.now();
      const isLogSafe =
        record.logs !== undefined ||
        gateway.contentUrl === undefined ||
        record.jobName === undefined ||
        record.inCluster;
      if (isLogSafe || world.clock.now() >= endedAt + logPatienceMs) {
        changed.cancel();
        return outcomeOf(gateway, record, signal);
      }
    }
    await changed.done;
    signal.throwIfAborted();
    waitMs = Math.min(waitMs * 2, pollMsMaximum);
  }
}

/** What is known of its end; undefined while it has none. A store or cluster that is away is asked again. */
async function endedRecord(
  gateway: Gateway,
  client: KubernetesClient,
  submitted: Submitted,
): Promise<StoredRecord | undefined> {
  const record = await gateway.records.ofCall(submitted).catch(storeAway);
  if (record === 'away') return undefined;
  if (record && isEnd(record.state)) return record;
  const now = gateway.world.clock.now();
  if (record && now < (record.updatedAt ?? 0) + statusPatienceMs) return undefined;
  try {
    const task = await client.get<Task>(tasks, gateway.namespace, submitted.name);
    if (creationOf(task) !== submitted.creation) return record ? undefined : goneRecord(submitted);
    const own = { ...onceRecord(task), inCluster: isUnrecordedTask(gateway, task) };
    const patienceMs = record ? statusPatienceMs : 0;
    return isEnd(own.state) && (own.endTime ?? now) + patienceMs <= now ? own : undefined;
  } catch (error) {
    return hasReason(error, 'NotFound') && !record ? goneRecord(submitted) : undefined;
  }
}

function storeAway(): 'away' {
  return 'away';
}

/** Of a Task without a record, when somebody has deleted it. */
function goneRecord({ projectId, name }: Submitted): StoredRecord {
  const state = 'CANCELLED';
  return { name, projectId, jobType: 'onetime', state, status: state, statusReason: 'its task is gone' };
}

/** Whether the state of a record is an end. */
export function isEnd(state: string): boolean {
  return isTaskState(state) && isTerminal(state);
}

async function outcomeOf(gateway: Gateway, record: StoredRecord, signal: AbortSignal): Promise<Outcome> {
  const { state, statusReason = 'no reason is known', exitCode } = record;
  if (state === 'CANCELLED') return { error: `job ${record.name} was cancelled: ${statusReason}` };
  const output = await printed(gateway, record, signal);
  if (state !== 'FAILED') return { output };
  const code = exitCode === undefined ? '' : `, exit code ${exitCode}`;
  return { output, error: `job ${record.name} failed: ${statusReason}${code}` };
}

/** All of it as one text; of a very long one the end, and a line that says where the rest is. */
async function printed(gateway: Gateway, record: StoredRecord, signal: AbortSignal): Promise<string> {
  const whole = { ...gateway, logTextBytesMaximum: outputBytesMaximum };
  const { text, truncated } = await logText(whole, record, signal);
  return truncated
    ? `[the beginning is left out: the whole log is ${logKeyOf(record)} in managed content]\n${text}`
    : text;
}
