/** Creating a Task: its name by the gateway's rule, its record, and the resource in the cluster. */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { isObject, type Problem } from '../../http/index.ts';
import {
  fabricApiVersion,
  fabricGroup,
  isScheduled,
  labelValue,
  projectLabel,
  type Task,
  type TaskIssue,
  type TaskSpec,
  taskIssues,
  taskNameFor,
  tasks,
} from '../../task/index.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import { clusterProblem } from './cluster-answer.ts';
import { onceRecord } from './cluster-tasks.ts';

/** The name as it was given, before the gateway's rule. */
const givenNameAnnotation = `${fabricGroup}/given-name`;

/** What a client asks for: a Task's spec and a name. */
interface TaskRequest {
  readonly project: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly username: string;
}

/** Creates the Task and, if it runs once, its record. Refuses with 400 and all faults, or 409 and the holder of the name. */
export async function createTask(gateway: Gateway, client: KubernetesClient, request: TaskRequest): Promise<Task> {
  const task = taskFrom(request, gateway.namespace);
  const issues = taskIssues(task);
  if (issues.length > 0) throw problems.invalidTask(issues.map(detailOf));
  const isOnce = task.spec !== undefined && !isScheduled(task.spec);
  if (isOnce) await refuseTakenName(gateway, client, task);
  const recordId = isOnce ? await gateway.records.begin(pendingRecord(task, gateway)) : undefined;
  try {
    const created = await client.create<Task>(tasks, gateway.namespace, task);
    if (recordId !== undefined) await gateway.records.submitted(recordId, created.metadata?.uid ?? '');
    return created;
  } catch (error) {
    const problem = await refusalOf(error, gateway, client, task);
    if (recordId !== undefined && problem.status < 500) await gateway.records.forget(recordId);
    throw problem;
  }
}

function taskFrom({ project, body, username }: TaskRequest, namespace: string): Task {
  const { name, ...given } = body;
  if (typeof name !== 'string' || name === '') {
    throw problems.invalidTask([{ type: 'name', name: 'name', path: ['name'], message: 'name is missing: a text' }]);
  }
  const spec = { source: 'gateway', username, ...given, projectId: project } as unknown as TaskSpec;
  const payload: unknown = given.payload;
  if (payload !== undefined && typeof payload !== 'string') spec.payload = JSON.stringify(payload);
  return {
    apiVersion: fabricApiVersion,
    kind: 'Task',
    metadata: {
      name: taskNameFor(project, name),
      namespace,
      labels: { [projectLabel]: labelValue(project) },
      annotations: { [givenNameAnnotation]: name },
    },
    spec,
  };
}

function pendingRecord(task: Task, gateway: Gateway) {
  const now = gateway.world.clock.now();
  const pending = { state: 'PENDING', status: 'PENDING', statusReason: 'Accepted' } as const;
  return { ...onceRecord(task), ...pending, createdAt: now, updatedAt: now };
}

/** Before a record is written: two names may give one, and the holder's record must not be touched. */
async function refuseTakenName(gateway: Gateway, client: KubernetesClient, task: Task): Promise<void> {
  const name = task.metadata?.name ?? '';
  const holder = await client.get<Task>(tasks, gateway.namespace, name).catch((error: unknown) => {
    if (hasReason(error, 'NotFound')) return undefined;
    throw clusterProblem(error);
  });
  if (holder) throw problems.nameTaken(name, holderText(holder));
}

async function refusalOf(error: unknown, gateway: Gateway, client: KubernetesClient, task: Task): Promise<Problem> {
  if (!hasReason(error, 'AlreadyExists')) return clusterProblem(error);
  const name = task.metadata?.name ?? '';
  const holder = await client.get<Task>(tasks, gateway.namespace, name).catch(() => undefined);
  return problems.nameTaken(name, holder ? holderText(holder) : 'another task');
}

function holderText(holder: Task): string {
  const given = holder.metadata?.annotations?.[givenNameAnnotation] ?? holder.metadata?.name ?? '';
  return `the task ${JSON.stringify(given)} of project ${JSON.stringify(holder.spec?.projectId ?? '')}`;
}

/** `spec.environment[A B]` is the field `environment` of the body. */
function detailOf(issue: TaskIssue) {
  const path = issue.path.replace(/^spec\./, '');
  return { type: path, name: path, path: path.split('.'), message: issue.message };
}

/** The body of a request to create a Task; a spec may also stand under `spec`. */
export function requestBody(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { spec, ...rest } = body;
  return isObject(spec) ? { ...spec, ...rest } : body;
}
