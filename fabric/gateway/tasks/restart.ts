/** Running once more what has ended: a new task from the record's spec, whether its Task is still there or not. */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { isTaskState, isTerminal, labelValue, projectLabel, type Task, type TaskSpec } from '../../task/index.ts';
import { fabricApiVersion } from '../../task/task.ts';
import { problems } from '../errors.ts';
import { messageToken } from '../runtimes/message-token.ts';
import type { Gateway } from '../settings.ts';
import { restartOfAnnotation } from './cluster-tasks.ts';
import { submitTask } from './create.ts';
import type { StoredRecord } from './record.ts';

/** Fields of a schedule: a run of it that is restarted runs once. */
const scheduleFields = [
  'schedule',
  'timeZone',
  'startingDeadlineSeconds',
  'concurrencyPolicy',
  'suspend',
  'suspendUntil',
  'suspendReason',
  'successfulJobsHistoryLimit',
  'failedJobsHistoryLimit',
] as const;
const nameLengthMaximum = 52;

/**
 * The new Task, in the name of whoever asks for it: a run of a scheduled agent acts for him then. Throws the Problem
 * `not-ended`.
 */
export async function restartTask(
  gateway: Gateway,
  client: KubernetesClient,
  record: StoredRecord,
  username: string,
): Promise<Task> {
  if (!isTaskState(record.state) || !isTerminal(record.state)) throw problems.notEnded(record.name, record.state);
  const creation = gateway.world.random.stream('task creations').uuid();
  const name = `${record.name.slice(0, nameLengthMaximum).replace(/-$/, '')}-r${creation.slice(0, 6)}`;
  const task: Task = {
    apiVersion: fabricApiVersion,
    kind: 'Task',
    metadata: {
      name,
      namespace: gateway.namespace,
      labels: { [projectLabel]: labelValue(record.projectId) },
      annotations: { [restartOfAnnotation]: record.name },
    },
    spec: { ...specOf(gateway, record), username },
  };
  return submitTask(gateway, client, task, creation);
}

function specOf(gateway: Gateway, record: StoredRecord): TaskSpec {
  const spec = { ...(record.spec as TaskSpec) };
  for (const field of scheduleFields) delete spec[field];
  const payload = record.payload === undefined ? {} : { payload: withToken(gateway, record, record.payload) };
  return { ...spec, ...payload, projectId: record.projectId };
}

/** A skill's message gets a fresh token: the record does not hold the old one. */
function withToken(
  gateway: Gateway,
  { projectId, username = '', activationId }: StoredRecord,
  payload: string,
): string {
  if (activationId === undefined || !payload.includes('"apiEndpoint"')) return payload;
  try {
    const message = JSON.parse(payload) as object;
    const token = messageToken(gateway, { username, project: projectId, activationId });
    return JSON.stringify({ ...message, token });
  } catch {
    return payload;
  }
}
