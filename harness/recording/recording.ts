/**
 * What was seen of a run, as the histories of its objects: made by the observer from watches and by the gateway's and
 * the network's records. Judges and reports are functions of it. All instants are epoch ms of the environment's clock.
 */
import type { Event } from '../../kubernetes/objects.ts';

export interface JobHistory {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** Name of the Task that it runs, from its label. */
  readonly task: string;
  /** The scheduled instant of a run of a CronJob. */
  readonly scheduledFor?: number;
  /** When the observer saw it first; Kubernetes' own times have whole seconds only. */
  readonly createdAt: number;
  /** Status changes in order. */
  readonly states: JobState[];
  deletionRequestedAt?: number;
  deletedAt?: number;
  /**
   * The resourceVersion of its removal: of two removals, of whatever kinds, the smaller one came first (comparable
   * resource versions, KEP-5504).
   */
  removedAs?: number;
  /** Its annotations and finalizers as last seen. */
  annotations: Readonly<Record<string, string>>;
  finalizers: readonly string[];
}

export interface JobState {
  readonly at: number;
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly suspended: boolean;
  readonly outcome?: 'Complete' | 'Failed';
  readonly reason?: string;
  readonly message?: string;
}

export interface PodHistory {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** Uid of the Job that owns it, if one does. */
  readonly job?: string;
  readonly createdAt: number;
  runningAt?: number;
  finishedAt?: number;
  /** When the first container ended by the node's own account, in whole seconds: a status comes up to seconds later. */
  exitedAt?: number;
  phase: string;
  /** What it waits for before it runs, or between two runs of its container. */
  waiting?: { readonly reason: string; readonly message?: string };
  exitCode?: number;
  restarts: number;
  deletedAt?: number;
  /**
   * The resourceVersion of its removal: of two removals, of whatever kinds, the smaller one came first (comparable
   * resource versions, KEP-5504).
   */
  removedAs?: number;
}

export interface TaskHistory {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly createdAt: number;
  /** Each version of the spec's parts that decide about starts, in order. */
  readonly plans: TaskPlan[];
  states: { readonly at: number; readonly state: string }[];
  conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
  deletionRequestedAt?: number;
  deletedAt?: number;
}

export interface TaskPlan {
  readonly from: number;
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace';
  readonly startingDeadlineSeconds?: number;
  readonly suspend: boolean;
}

/** One report of the operator as it reached the gateway. */
export interface Report {
  readonly at: number;
  readonly uid: string;
  readonly name: string;
  readonly state: string;
  /** False when the gateway had a later state already. */
  readonly accepted: boolean;
  /** True when it made a new record. */
  readonly created: boolean;
}

/** Something done to the system: a fault, a kill, an outage. */
export interface FaultSpan {
  readonly description: string;
  /** The service that was down, when the fault is that. */
  readonly service?: 'operator' | 'gateway' | 'content';
  readonly from: number;
  to?: number;
}

/** A run's log as managed content has it at the end. */
export interface StoredLog {
  readonly key: string;
  /** undefined when it is large. */
  readonly text: string | undefined;
  /** Its last line. */
  readonly endsWith: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A task record as the gateway has it at the end (contract 3.4.1). */
export interface TaskRecord {
  readonly uid?: string;
  readonly name: string;
  readonly state: string;
  readonly statusReason?: string;
  readonly exitCode?: number;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly scheduleName?: string;
  readonly jobType?: string;
  readonly logs?: {
    readonly key: string;
    readonly bytes: number;
    readonly complete: boolean;
    readonly missing?: readonly { readonly afterLine: number; readonly reason: string }[];
  };
  readonly [field: string]: unknown;
}

export interface Recording {
  readonly startedAt: number;
  endedAt: number;
  readonly jobs: JobHistory[];
  readonly pods: PodHistory[];
  readonly tasks: TaskHistory[];
  readonly events: Event[];
  readonly reports: Report[];
  readonly faults: FaultSpan[];
  /** Taken by `then` when it judges. */
  records: readonly TaskRecord[];
  logs: readonly StoredLog[];
}

export function emptyRecording(startedAt: number): Recording {
  return {
    startedAt,
    endedAt: startedAt,
    jobs: [],
    pods: [],
    tasks: [],
    events: [],
    reports: [],
    faults: [],
    records: [],
    logs: [],
  };
}

/** The Jobs that ran a Task, in the order in which they were seen. */
export function jobsOf(recording: Recording, task: string): JobHistory[] {
  return recording.jobs.filter((job) => job.task === task);
}

/**
 * Runs that the CronJob controller made: not those that somebody asked for outside of the schedule's times (decision
 * 0020).
 */
export function plannedJobsOf(recording: Recording, task: string): JobHistory[] {
  return jobsOf(recording, task).filter((job) => job.annotations['cronjob.kubernetes.io/instantiate'] !== 'manual');
}

export function podsOf(recording: Recording, job: JobHistory): PodHistory[] {
  return recording.pods.filter((pod) => pod.job === job.uid);
}

/** When the Job was seen to have ended, and how. */
export function endOf(job: JobHistory): JobState | undefined {
  return job.states.find((state) => state.outcome !== undefined);
}
