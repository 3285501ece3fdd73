/** The Task of a scheduled agent: from what was asked for, and back. Pure. */
import {
  InvocationFormatError,
  invocationOf,
  podVariables,
  type ScheduledInvocation,
} from '../../sys-invoke-skill/invocation.ts';
import { sysInvokeAction, sysInvokeArguments, sysInvokeSkill } from '../../sys-invoke-skill/skill.ts';
import {
  type ConcurrencyPolicy,
  fabricApiVersion,
  isScheduled,
  labelValue,
  projectLabel,
  type Task,
  type TaskSpec,
} from '../../task/index.ts';

export interface AgentSchedule {
  readonly invocation: ScheduledInvocation;
  readonly schedule: string;
  readonly concurrencyPolicy: ConcurrencyPolicy;
  /** Who scheduled it: its runs act for him. */
  readonly username: string;
  readonly image: string;
}

export function taskOfSchedule(given: AgentSchedule, namespace: string, annotations: Record<string, string>): Task {
  const { project, schedule: name } = given.invocation;
  return {
    apiVersion: fabricApiVersion,
    kind: 'Task',
    metadata: {
      name,
      namespace,
      labels: { [projectLabel]: labelValue(project) },
      annotations,
    },
    spec: specOfSchedule(given),
  };
}

export function specOfSchedule(given: AgentSchedule): TaskSpec {
  const { invocation, schedule, concurrencyPolicy, username, image } = given;
  return {
    projectId: invocation.project,
    skillName: sysInvokeSkill,
    actionName: sysInvokeAction,
    agentName: invocation.agent,
    correlationId: invocation.schedule,
    username,
    source: 'gateway',
    schedule,
    concurrencyPolicy,
    image,
    args: [...sysInvokeArguments],
    podSpec: [...podWishes],
    payload: JSON.stringify(invocation),
  };
}

const fromPod = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** A run is told which pod it is, by which it asks for its credential; it needs nothing of the cluster. */
const podWishes: NonNullable<TaskSpec['podSpec']> = [
  {
    path: '/containers/0/env',
    value: [fromPod(podVariables.podName, 'metadata.name'), fromPod(podVariables.podUid, 'metadata.uid')],
  },
  {
    path: '/containers/0/securityContext',
    value: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65_532,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  },
  { path: '/automountServiceAccountToken', value: false },
];

/** What the schedule's runs invoke; undefined when the Task is no agent's schedule. */
export function invocationIn(task: Task): ScheduledInvocation | undefined {
  if (scheduledAgentOf(task) === undefined) return undefined;
  try {
    return invocationOf(task.spec?.payload);
  } catch (error) {
    // Somebody has changed it in the cluster: its runs say so.
    if (error instanceof InvocationFormatError) return undefined;
    throw error;
  }
}

/**
 * The agent that the Task schedules. The gateway lets no client make a Task of this skill: it was made by
 * `scheduleAgent`.
 */
export function scheduledAgentOf({ spec }: Task): string | undefined {
  return spec?.skillName === sysInvokeSkill && isScheduled(spec) ? spec.agentName : undefined;
}
