/** Creating a Task: its name by the gateway's rule, its record, and the resource in the cluster. */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { isObject, Problem } from '../../http/index.ts';
import { sysInvokeSkill } from '../../sys-invoke-skill/skill.ts';
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
  taskSpecSchema,
  tasks,
  unknownFields,
} from '../../task/index.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import { clusterProblem } from './cluster-answer.ts';
import { isUnrecordedTask } from './cluster-records.ts';
import { onceRecord } from './cluster-tasks.ts';

/** The name as it was given, before the gateway's rule. */
export const givenNameAnnotation = `${fabricGroup}/given-name`;
/** Which request made the Task: when its answer is lost, the gateway knows its own work again by that. */
const creationAnnotation = `${fabricGroup}/creation`;

/** What a client asks for: a Task's spec and a name. */
interface TaskRequest {
  readonly project: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly username: string;
}

/**
 * Creates the Task and, if it runs once, its record. Refuses with 400 and all faults, or 409 and the holder of the
 * name. When the cluster does not say what became of it (502), the record stays PENDING until it is settled
 * (`settle.ts`).
 */
export async function createTask(gateway: Gateway, client: KubernetesClient, request: TaskRequest): Promise<Task> {
  const creation = gateway.world.random.stream('task creations').uuid();
  const task = taskFrom(request, gateway.namespace);
  return submitTask(gateway, client, task, creation);
}

/**
 * Submits a whole Task: asked again with the same creation, after a kill or a lost answer, it takes what is there.
 * Refuses as `createTask` does.
 */
export async function submitTask(
  gateway: Gateway,
  client: KubernetesClient,
  given: Task,
  creation: string,
): Promise<Task> {
  const annotations = { ...given.metadata?.annotations, [creationAnnotation]: creation };
  const task = { ...given, metadata: { ...given.metadata, annotations } };
  const issues = [...unknownFields(taskSpecSchema, task.spec, 'spec'), ...taskIssues(task)];
  if (issues.length > 0) throw problems.invalidTask(issues.map(detailOf));
  if (task.spec === undefined || isScheduled(task.spec)) return submit(gateway, client, task);
  await refuseTakenName(gateway, client, task);
  if (isUnrecordedTask(gateway, task)) return submit(gateway, client, task);
  return gateway.records.whileSubmitting(pendingRecord(task, gateway), creation, async (id) => {
    const created = await submit(gateway, client, task).catch(async (error: unknown) => {
      if (error instanceof Problem && error.status < 500) await gateway.records.forget(id);
      throw error;
    });
    await gateway.records.submitted(id, created.metadata?.uid ?? '');
    return created;
  });
}

/**
 * Creates the resource; one that is there by this very creation is what was asked for: only the answer to it was lost.
 */
async function submit(gateway: Gateway, client: KubernetesClient, task: Task): Promise<Task> {
  try {
    return await client.create<Task>(tasks, gateway.namespace, task);
  } catch (error) {
    const problem = clusterProblem(error);
    const name = task.metadata?.name ?? '';
    const isTaken = hasReason(error, 'AlreadyExists');
    if (!isTaken && problem.status < 500) throw problem;
    const holder = await client.get<Task>(tasks, gateway.namespace, name).catch(() => undefined);
    if (holder && creationOf(holder) === creationOf(task)) return holder;
    throw isTaken ? problems.nameTaken(name, holder ? holderText(holder) : 'another task') : problem;
  }
}

/** The creation that made the Task; undefined when the gateway did not. */
export function creationOf(task: Task): string | undefined {
  return task.metadata?.annotations?.[creationAnnotation];
}

function taskFrom({ project, body, username }: TaskRequest, namespace: string): Task {
  const { name, ...given } = body;
  if (typeof name !== 'string' || name === '') {
    throw problems.invalidTask([{ type: 'name', name: 'name', path: ['name'], message: 'name is missing: a text' }]);
  }
  if (given.skillName === sysInvokeSkill) throw problems.reservedSkill(sysInvokeSkill);
  const spec = { source: 'gateway', ...given, username, projectId: project } as unknown as TaskSpec;
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
  if (holder && creationOf(holder) !== creationOf(task)) throw problems.nameTaken(name, holderText(holder));
}

/** Who has a name, in words. */
export function holderText(holder: Task): string {
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
