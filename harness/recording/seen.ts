/**
 * What was seen of the objects themselves, beside the histories: their words and times, for judges that compare a
 * record or a pod with them. It stays in the thread that observes, and equal templates are kept once: an observation of
 * weeks has many runs of few kinds.
 */
import type { Task, TaskSpec } from '../../fabric/task/task.ts';
import type { Container, Job, Pod } from '../../kubernetes/objects.ts';
import type { Recording } from './recording.ts';

export interface SeenJob {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Times as the API server writes them. */
  readonly creationTimestamp: string | undefined;
  readonly deletionTimestamp: string | undefined;
  readonly startTime: string | undefined;
  readonly completionTime: string | undefined;
  /** The condition of its end. */
  readonly end: { readonly type: string; readonly reason?: string; readonly lastTransitionTime?: string } | undefined;
}

export interface SeenPod {
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
  /** Names of those that own it, as last seen. */
  readonly owners: readonly string[];
}

export interface Seen {
  /** By uid, as last seen. */
  readonly jobs: Map<string, SeenJob>;
  readonly pods: Map<string, SeenPod>;
  /** By uid and generation. */
  readonly specs: Map<string, TaskSpec>;
}

const seenIn = new WeakMap<Recording, Seen & { readonly texts: Map<string, unknown> }>();

/** What was seen for this recording; empty for one that was made by hand. */
export function seenOf(recording: Recording): Seen {
  return storeOf(recording);
}

function storeOf(recording: Recording) {
  let seen = seenIn.get(recording);
  if (!seen) {
    seen = { jobs: new Map(), pods: new Map(), specs: new Map(), texts: new Map() };
    seenIn.set(recording, seen);
  }
  return seen;
}

export function seeJob(recording: Recording, { metadata, status }: Job): void {
  const end = status?.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
  storeOf(recording).jobs.set(metadata?.uid ?? '', {
    labels: once(recording, metadata?.labels ?? {}),
    annotations: metadata?.annotations ?? {},
    creationTimestamp: metadata?.creationTimestamp,
    deletionTimestamp: metadata?.deletionTimestamp,
    startTime: status?.startTime,
    completionTime: status?.completionTime,
    end,
  });
}

export function seePod(recording: Recording, { metadata, spec }: Pod): void {
  const { pods } = storeOf(recording);
  const uid = metadata?.uid ?? '';
  const owners = once(
    recording,
    (metadata?.ownerReferences ?? []).map(({ name }) => name),
  );
  const known = pods.get(uid);
  if (known && known.owners === owners) return;
  const labels = metadata?.labels ?? {};
  pods.set(uid, known ? { ...known, owners } : { labels, containers: once(recording, spec?.containers ?? []), owners });
}

export function seeTask(recording: Recording, { metadata, spec }: Task): void {
  if (spec) storeOf(recording).specs.set(specKey(metadata?.uid ?? '', `${metadata?.generation}`), spec);
}

/** Where a Task's spec of one generation stands. */
export function specKey(uid: string, generation: string): string {
  return `${uid}/${generation}`;
}

/** The value itself, or an equal one that is kept already. */
function once<T>(recording: Recording, value: T): T {
  const { texts } = storeOf(recording);
  const text = JSON.stringify(value);
  const known = texts.get(text);
  if (known !== undefined) return known as T;
  texts.set(text, value);
  return value;
}
