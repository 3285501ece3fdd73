/**
 * The Task and TaskPool resources (`fabric.orrery.dev/v1`) as they travel.
 *
 * A Task asks for one run of a skill's action, or, with `schedule`, for a run at each of its times. A TaskPool holds
 * what Tasks of one kind have in common: a limit and how much of their history stays in the cluster.
 */
import type { KubernetesObject, ObjectMeta } from '../../kubernetes/objects.ts';
import type { ResourceType } from '../../kubernetes/resources.ts';
import type { PodSpecPatch } from './pod-spec.ts';
import type { ScheduleState, TaskState } from './state.ts';

export const fabricGroup = 'fabric.orrery.dev';
const fabricVersion = 'v1';
export const fabricApiVersion = `${fabricGroup}/${fabricVersion}`;

export const tasks: ResourceType = {
  group: fabricGroup,
  version: fabricVersion,
  plural: 'tasks',
  kind: 'Task',
  namespaced: true,
};
export const taskPools: ResourceType = {
  group: fabricGroup,
  version: fabricVersion,
  plural: 'taskpools',
  kind: 'TaskPool',
  namespaced: true,
};

export type ConcurrencyPolicy = 'Allow' | 'Forbid' | 'Replace';

/** Compute resources of the container, as in a Pod: `{ requests: { memory: '4G' } }`. */
export interface Resources {
  requests?: Record<string, string | number>;
  limits?: Record<string, string | number>;
}

export interface TaskSpec {
  /** The project that the Task belongs to; a namespace may hold several. */
  projectId: string;
  skillName: string;
  actionName: string;
  image: string;
  /** Entry point; the image's own when absent. Kubernetes expands `$(NAME)` here, in `args` and in `environment`. */
  command?: string[];
  /** Arguments before the payload. */
  args?: string[];
  environment?: Record<string, string>;
  resources?: Resources;
  /** Merged into the pod's spec, each value at its JSON pointer, in order. */
  podSpec?: PodSpecPatch[];
  /** Any JSON text, at most 131,071 bytes in UTF-8; the container's last argument, byte for byte. Default `{}`. */
  payload?: string;
  /** Who submitted it. */
  username?: string;
  /** What submitted it: `gateway`, `api`, ... */
  source?: string;
  agentName?: string;
  activationId?: string;
  correlationId?: string;
  channelId?: string;
  refId?: string;
  sessionId?: string;
  /** Name of a TaskPool in the Task's namespace. */
  taskPool?: string;

  /** A cron expression of robfig/cron's standard parser; absent or empty: the Task runs once. */
  schedule?: string;
  /** IANA name; the controller manager's zone (UTC in practice) when absent. */
  timeZone?: string;
  /** A start that is later than this is lost. */
  startingDeadlineSeconds?: number;
  concurrencyPolicy?: ConcurrencyPolicy;
  /** True: no further starts. Runs that have begun go on. */
  suspend?: boolean;
  /** When the operator resumes it (RFC 3339); absent: somebody has to. */
  suspendUntil?: string;
  suspendReason?: string;
  /** Finished runs of a schedule that stay in the cluster; 3 and 1 when absent. */
  successfulJobsHistoryLimit?: number;
  failedJobsHistoryLimit?: number;

  /** How often a failed run is tried again; 0 when absent: a skill is not known to be safe to run twice. */
  backoffLimit?: number;
  activeDeadlineSeconds?: number;
  /** A finished run is removed after this time, but never before its record and log are safe. */
  ttlSecondsAfterFinished?: number;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration?: number;
}

export interface TaskStatus {
  observedGeneration?: number;
  /** A one-time Task's state, or a schedule's. */
  state?: TaskState | ScheduleState;
  statusReason?: string;
  conditions?: Condition[];
  /** The Job of a one-time Task, from its creation on. */
  jobName?: string;
  jobUid?: string;
  startTime?: string;
  endTime?: string;
  exitCode?: number;
  /** The CronJob of a schedule. */
  cronJobName?: string;
  /** Planned time of the latest start. */
  lastScheduleTime?: string;
  lastSuccessfulTime?: string;
  nextTime?: string;
  /** Names of the runs that have not ended, and how many they are. */
  active?: string[];
  activeCount?: number;
}

export interface Task extends KubernetesObject {
  metadata?: ObjectMeta;
  spec?: TaskSpec;
  status?: TaskStatus;
}

export interface TaskPoolSpec {
  description?: string;
  /** How many runs may be active at once. */
  limit?: number;
  /** False: no records are posted and logs stay in the cluster; the history limits below hold. */
  persistTasks?: boolean;
  /** Finished one-time Tasks that stay in the cluster when they are not persisted; 10 each when absent. */
  successfulTasksHistoryLimit?: number;
  failedTasksHistoryLimit?: number;
  /** For finished one-time Tasks of the pool that do not say so themselves. */
  ttlSecondsAfterFinished?: number;
}

export interface TaskPool extends KubernetesObject {
  metadata?: ObjectMeta;
  spec?: TaskPoolSpec;
}

/** True if the Task has a schedule; an empty one counts as none, as in the seeds' type. */
export function isScheduled(spec: Pick<TaskSpec, 'schedule'>): boolean {
  return spec.schedule !== undefined && spec.schedule !== '';
}
