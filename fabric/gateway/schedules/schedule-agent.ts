/**
 * Invoking an agent at each time of a schedule (contract 3.5.1): a Task with a schedule whose runs are
 * `sys-invoke-skill`. The same name with the same agent again changes the schedule.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { type Task, type TaskSpec, taskIssues, taskNameFor, tasks } from '../../task/index.ts';
import { scheduleIssues } from '../../task/schedule.ts';
import { activationOfAgent } from '../activations/invoke.ts';
import { skillsOf } from '../agents/deploy.ts';
import type { Saved } from '../documents/documents.ts';
import { problems } from '../errors.ts';
import type { AgentDocument } from '../schemas/agent.ts';
import type { InvokeBody } from '../schemas/invoke.ts';
import type { Gateway } from '../settings.ts';
import { actionOf } from '../skills/deploy.ts';
import { targetsOf } from '../skills/routing.ts';
import { clusterAnswer, clusterProblem } from '../tasks/cluster-answer.ts';
import { givenNameAnnotation, holderText, submitTask } from '../tasks/create.ts';
import { PolicyError, policyOf, policyProperty, type UsedSkill } from './policy.ts';
import { type AgentSchedule, scheduledAgentOf, specOfSchedule, taskOfSchedule } from './scheduled-task.ts';
import { ensureSystemSkill } from './system-skill.ts';

export interface ScheduleRequest {
  readonly agent: Saved<AgentDocument>;
  readonly service: string;
  readonly body: InvokeBody;
  /** As it was given, or the agent's name. */
  readonly scheduleName: string;
  readonly scheduleCron: string;
  readonly username: string;
}

export interface ScheduledAnswer {
  readonly success: true;
  readonly message: string;
  readonly taskName: string;
}

/** Refuses with 400 and all faults, 404 when the agent has no such service, 409 when the name is taken. */
export async function scheduleAgent(gateway: Gateway, request: ScheduleRequest): Promise<ScheduledAnswer> {
  const { client } = gateway;
  if (!client) throw problems.noCluster('scheduling an agent');
  const { agent, service, body, username, scheduleCron } = request;
  checkCron(scheduleCron);
  // What could not be invoked now is not scheduled.
  await activationOfAgent(gateway, agent, service, { body, username, sync: false, headers: {} });
  const given: AgentSchedule = {
    invocation: {
      apiEndpoint: gateway.apiEndpoint,
      project: agent.projectId,
      agent: agent.name,
      service,
      schedule: taskNameFor(agent.projectId, request.scheduleName),
      body,
    },
    schedule: scheduleCron,
    concurrencyPolicy: await policyOfAgent(gateway, agent),
    username,
    image: gateway.invokeImage,
  };
  const task = taskOfSchedule(given, gateway.namespace, { [givenNameAnnotation]: request.scheduleName });
  const issues = taskIssues(task);
  if (issues.length > 0) throw problems.invalidTask(issues.map(({ path, message }) => detail(path, message)));
  await ensureSystemSkill(gateway, agent.projectId);
  await apply(gateway, client, task, given);
  const taskName = given.invocation.schedule;
  const quoted = [agent.name, taskName, scheduleCron].map((text) => JSON.stringify(text));
  const message = `Scheduled agent ${quoted[0]} with task ${quoted[1]} using cron ${quoted[2]}`;
  return { success: true, message, taskName };
}

function checkCron(text: string): void {
  const [issue] = scheduleIssues({ schedule: text } as TaskSpec);
  const message =
    text.trim() === '' ? 'a cron expression is missing, such as "0 * * * *" or "@hourly"' : issue?.message;
  if (message === undefined) return;
  throw problems.invalidQuery([{ type: 'query', name: 'scheduleCron', path: ['query', 'scheduleCron'], message }]);
}

function detail(path: string, message: string) {
  return { type: path, name: path, path: path.split('.'), message };
}

/** Throws the Problem `invalid-agent` when a property holds no policy. */
async function policyOfAgent(gateway: Gateway, agent: Saved<AgentDocument>) {
  const skills = new Map<string, UsedSkill>();
  for (const [skillName, skill] of await skillsOf(gateway, agent)) {
    const { document } = skill.content;
    const names = document.inputs.flatMap(({ routing }) => targetsOf(routing).flatMap(({ action }) => action ?? []));
    const actions = await Promise.all([...new Set(names)].map((name) => actionOf(gateway, skill, name)));
    skills.set(skillName, { document, actions: actions.flatMap((action) => action ?? []) });
  }
  try {
    return policyOf(agent.content, (name) => skills.get(name));
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const path = ['properties', policyProperty];
    throw problems.invalidDocument('agent', [{ type: 'agent', name: policyProperty, path, message: error.message }]);
  }
}

/** Others may change the Task between two looks at it; then it is looked at again. */
const attempts = 5;

async function apply(gateway: Gateway, client: KubernetesClient, task: Task, given: AgentSchedule): Promise<void> {
  const name = task.metadata?.name ?? '';
  for (let attempt = 1; ; attempt += 1) {
    const held = await heldTask(gateway, client, name);
    if (!held) {
      const creation = gateway.world.random.stream('task creations').uuid();
      await submitTask(gateway, client, task, creation);
      return;
    }
    refuseOthers(held, given);
    try {
      await client.patch(tasks, gateway.namespace, name, 'merge', changeOf(held, task, given), {
        fieldManager: 'gateway',
      });
      return;
    } catch (error) {
      const isWorthAnotherLook = hasReason(error, 'Conflict') || hasReason(error, 'NotFound');
      if (!isWorthAnotherLook || attempt === attempts) throw clusterProblem(error);
    }
  }
}

async function heldTask(gateway: Gateway, client: KubernetesClient, name: string): Promise<Task | undefined> {
  return clusterAnswer(
    client.get<Task>(tasks, gateway.namespace, name).catch((error: unknown) => {
      if (hasReason(error, 'NotFound')) return undefined;
      throw error;
    }),
  );
}

function refuseOthers(held: Task, { invocation }: AgentSchedule): void {
  const isSame = scheduledAgentOf(held) === invocation.agent && held.spec?.projectId === invocation.project;
  if (!isSame) throw problems.nameTaken(invocation.schedule, holderOf(held, invocation.project));
  if (held.metadata?.deletionTimestamp) throw problems.stillDeleted(invocation.schedule);
}

/** Of another project nothing is told. */
function holderOf(held: Task, project: string): string {
  if (held.spec?.projectId !== project) return 'a task of another project';
  const agent = scheduledAgentOf(held);
  const { projectId = '' } = held.spec ?? {};
  return agent === undefined
    ? holderText(held)
    : `the schedule of agent ${JSON.stringify(agent)} of project ${JSON.stringify(projectId)}`;
}

/** Whether it is paused stays as it is. */
function changeOf(held: Task, task: Task, given: AgentSchedule) {
  const { uid, resourceVersion } = held.metadata ?? {};
  return {
    metadata: { uid, resourceVersion, annotations: task.metadata?.annotations },
    spec: specOfSchedule(given),
  };
}
