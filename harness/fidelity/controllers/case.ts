/**
 * A compared case of a controller: what is created, what is done to it and when, as data. The files in `topics/` read
 * like a catalogue.
 */
import type { KubernetesObject } from '../../../kubernetes/objects.ts';

/**
 * What a container does: a script of the actor; or one for its first start and one for all later ones; or one for each
 * completion index.
 */
export type Deed = string | Readonly<Record<string, string>>;

/**
 * Names an object: `job/work`, `cronjob/tick`, `configmap/owner`; of generated names the prefix and which:
 * `pod/work#1`, `pod/work-0#2`.
 */
export type Target = string;

/**
 * One action. Bodies may hold `{uid of TARGET}`, `{name of TARGET}`, `{minute +70s}` (minutes since 1970) and `{time
 * -3h}`, relative to the start.
 */
export interface CaseStep {
  /** Milliseconds after the start. */
  readonly atMs: number;
  /** As it stands in the file. */
  readonly text: string;
  readonly create?: KubernetesObject;
  readonly patch?: Target;
  /** Patches the status. */
  readonly status?: boolean;
  /** The merge patch. */
  readonly body?: unknown;
  readonly delete?: Target;
  readonly propagation?: 'Orphan' | 'Background' | 'Foreground';
  readonly graceSeconds?: number;
  readonly evict?: Target;
}

export interface ControllerCase {
  readonly topic: string;
  readonly name: string;
  readonly namespace: string;
  /** Rules of semantics.md: `2.5`. */
  readonly rules: readonly string[];
  readonly about: 'jobs.batch' | 'cronjobs.batch';
  /** How long it is watched, from its start. */
  readonly lastsMs: number;
  /** In the order of their times. */
  readonly steps: readonly CaseStep[];
}

/** CronJobs run on minutes: all of their cases start at this second of one. */
export const cronStartSecond = 50;
