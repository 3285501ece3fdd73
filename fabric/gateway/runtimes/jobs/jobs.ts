/** The runtime `cortex/jobs`: a Task for each call; all that it prints is the output (contract 4.5). */
import { hasReason, type KubernetesClient } from '../../../../kubernetes/client.ts';
import { Problem } from '../../../http/index.ts';
import { type Task, type TaskSpec, tasks } from '../../../task/index.ts';
import { projectLabel } from '../../../task/labels.ts';
import { labelValue } from '../../../task/names.ts';
import { payloadIssues } from '../../../task/payload.ts';
import { fabricApiVersion } from '../../../task/task.ts';
import type { Gateway } from '../../settings.ts';
import { creationOf, submitTask } from '../../tasks/create.ts';
import { deliveredMessage, skillEnvironment } from '../delivered.ts';
import { callTaskName } from '../names.ts';
import type { Call, Outcome, Runtime } from '../runtime.ts';
import { endOfTask, isEnd, type Submitted } from './end.ts';

/** A deletion that the cluster did not answer is tried so often. */
const stopTries = 3;
const stopWaitMs = 200;

export function jobRuntime(gateway: Gateway): Runtime {
  /** Submissions under way: a job is deleted behind them, or it would be made after it was stopped. */
  const submissions = new Map<string, Promise<unknown>>();
  return {
    canBeTakenUp: true,
    taskName,
    async run(call, _isTakenUp, signal) {
      const { client } = gateway;
      if (!client) return { error: 'this gateway was started without a cluster: no job can be run' };
      const task = taskOf(gateway, call);
      const [issue] = payloadIssues(task.spec?.payload ?? '');
      if (issue) return { error: `the job cannot be given its message: ${issue.message}` };
      const submission = submit(gateway, client, call, task, signal);
      submissions.set(call.id, submission);
      const fault = await submission.finally(() => submissions.delete(call.id));
      return fault ?? endOfTask(gateway, client, submittedOf(call), signal);
    },
    async stop(call) {
      await submissions.get(call.id)?.catch(() => undefined);
      if (gateway.client) await deleteTask(gateway, gateway.client, call);
    },
  };
}

/** The Task of this very call, not one of another that has its name meanwhile. */
async function deleteTask(gateway: Gateway, client: KubernetesClient, call: Call): Promise<void> {
  const { world, namespace, records } = gateway;
  const name = taskName(call);
  for (let tries = 1; ; tries++) {
    try {
      const task = await client.get<Task>(tasks, namespace, name);
      if (creationOf(task) !== creationFor(call)) return;
      await client.delete(tasks, namespace, name, { propagationPolicy: 'Background' });
      return await records.cancelled(task.metadata?.uid, creationFor(call));
    } catch (error) {
      if (hasReason(error, 'NotFound')) return;
      if (tries === stopTries)
        return world.log.warn('a job runs on: it cannot be deleted', { task: name, error: String(error) });
    }
    await world.clock.sleep(stopWaitMs);
  }
}

function taskName(call: Call): string {
  return callTaskName(call.message.projectId, call.skill.name, call.action?.name ?? '', call.id);
}

/** What a Task of this call bears, so that it is known again (`create.ts`). */
function creationFor(call: Call): string {
  return `call ${call.id}`;
}

function submittedOf(call: Call): Submitted {
  const { projectId, activationId, channelId } = call.message;
  return { projectId, activationId, channelId, name: taskName(call), creation: creationFor(call) };
}

/** Waits out a cluster that is away; a refusal is the outcome. */
async function submit(
  gateway: Gateway,
  client: KubernetesClient,
  call: Call,
  task: Task,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { world } = gateway;
  for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 30_000)) {
    if (await hasBegun(gateway, call)) return undefined;
    try {
      await submitTask(gateway, client, task, creationFor(call));
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status < 500) return { error: `the job could not be submitted: ${textOf(error)}` };
      world.log.warn('a job cannot be submitted at the moment', { task: task.metadata?.name, error: error.message });
    }
    await world.clock.sleep(waitMs, signal);
  }
}

/**
 * True when the operator has told of its Task, or that has ended: it may have gone, and must not be made again. What
 * was settled before there was a Task is not begun.
 */
async function hasBegun(gateway: Gateway, call: Call): Promise<boolean> {
  const record = await gateway.records.ofCall(submittedOf(call));
  if (!record || (record.uid === undefined && record.taskUid === undefined)) return false;
  return record.provisional !== true || isEnd(record.state);
}

function textOf(problem: Problem): string {
  const details = problem.details.map(({ message }) => message).join('; ');
  return details === '' ? problem.message : `${problem.message}: ${details}`;
}

function taskOf(gateway: Gateway, call: Call): Task {
  const { message, skill, action, username, agentName, correlationId, refId } = call;
  const { projectId, activationId, channelId, sessionId } = message;
  const seconds = action?.jobTimeout;
  const optional = { agentName, correlationId, refId, activeDeadlineSeconds: seconds };
  const spec: TaskSpec = {
    ...{ projectId, activationId, channelId, sessionId, username },
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<TaskSpec>),
    skillName: skill.name,
    actionName: action?.name ?? '',
    image: action?.image ?? '',
    ...(action?.command.length ? { command: [...action.command] } : {}),
    environment: { ...skillEnvironment(gateway, projectId), ...action?.environment },
    ...(action?.podSpec.length ? { podSpec: action.podSpec.map((patch) => ({ ...patch })) } : {}),
    payload: JSON.stringify(deliveredMessage(gateway, call, seconds)),
    source: 'gateway',
  };
  return {
    apiVersion: fabricApiVersion,
    kind: 'Task',
    metadata: {
      name: taskName(call),
      namespace: gateway.namespace,
      labels: { [projectLabel]: labelValue(projectId) },
    },
    spec,
  };
}
