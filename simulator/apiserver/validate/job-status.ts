/**
 * Status writes of Jobs: what a controller may claim. Models ValidateJobStatusUpdate; semantics 3.2.
 * Most rules are asked only when what they look at has changed, so that a Job with an old fault can still move on.
 */
import type { Job, JobStatus } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { semanticallyEqual } from './equal.ts';
import { duplicate, immutableMessage, invalid, nonNegative, omitted, required } from './field.ts';
import { countIndexes, firstCommonIndex } from './indexes.ts';
import { validateMetadataUpdate } from './metadata.ts';

type Condition = 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet' | 'Suspended';

export function validateJobStatusUpdate(job: Job, old: Job): FieldError[] {
  const claim = new Claim(job, old);
  return [
    ...validateMetadataUpdate(job, old),
    ...validateCounters(claim.status),
    ...validateUncounted(claim.status),
    ...validateEnd(claim),
    ...validateFinished(claim),
    ...validateIndexes(claim),
    ...validateSuccessCriteria(claim),
    ...validateTransition(claim),
  ];
}

/** The status claimed beside the one before, with the questions that the rules ask. */
class Claim {
  readonly job: Job;
  readonly status: JobStatus;
  readonly before: JobStatus;

  constructor(job: Job, old: Job) {
    this.job = job;
    this.status = job.status ?? {};
    this.before = old.status ?? {};
  }

  is(condition: Condition): boolean {
    return holds(this.status, condition, 'True');
  }

  was(condition: Condition): boolean {
    return holds(this.before, condition, 'True');
  }

  turned(condition: Condition): boolean {
    return this.is(condition) !== this.was(condition);
  }

  changed(member: keyof JobStatus): boolean {
    return !semanticallyEqual(this.status[member], this.before[member]);
  }

  get finished(): boolean {
    return this.is('Complete') || this.is('Failed');
  }

  get finishedTurned(): boolean {
    return this.finished !== (this.was('Complete') || this.was('Failed'));
  }

  /** The controller notes that a suspended Job goes on. */
  get resuming(): boolean {
    return this.was('Suspended') && holds(this.status, 'Suspended', 'False');
  }
}

function holds(status: JobStatus, type: Condition, value: string): boolean {
  return (status.conditions ?? []).some((condition) => condition.type === type && condition.status === value);
}

function conflict(detail: string): FieldError {
  return invalid('status.conditions', omitted, detail);
}

function validateCounters(status: JobStatus): FieldError[] {
  return (['active', 'succeeded', 'failed', 'ready', 'terminating'] as const).flatMap((member) =>
    nonNegative(`status.${member}`, status[member]),
  );
}

function validateUncounted(status: JobStatus): FieldError[] {
  const seen = new Set<string>();
  return (['succeeded', 'failed'] as const).flatMap((member) =>
    (status.uncountedTerminatedPods?.[member] ?? []).flatMap((uid, index) => {
      const path = `status.uncountedTerminatedPods.${member}[${index}]`;
      if (uid === '') return [invalid(path, uid, 'must not be empty')];
      if (seen.has(uid)) return [duplicate(path, uid)];
      seen.add(uid);
      return [];
    }),
  );
}

/** How the conditions and times of an end belong together. */
function validateEnd(claim: Claim): FieldError[] {
  const { status } = claim;
  const { startTime, completionTime } = status;
  const complete = claim.is('Complete');
  const completeMoved = claim.turned('Complete') || claim.changed('completionTime');
  const timesMoved = claim.changed('startTime') || claim.changed('completionTime');
  const at = 'status.completionTime';
  const errors: FieldError[] = [];
  if ((claim.turned('Complete') || claim.turned('Failed')) && complete && claim.is('Failed')) {
    errors.push(conflict('cannot set Complete=True and Failed=true conditions'));
  }
  if ((claim.turned('Complete') || claim.turned('FailureTarget')) && complete && claim.is('FailureTarget')) {
    errors.push(conflict('cannot set Complete=True and FailureTarget=true conditions'));
  }
  if (completeMoved && completionTime && !complete) {
    const detail = 'cannot set completionTime when there is no Complete=True condition';
    errors.push(invalid(at, completionTime, detail));
  }
  if (completeMoved && !completionTime && complete) {
    errors.push(required(at, 'completionTime is required for Complete jobs'));
  }
  if (timesMoved && startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime)) {
    errors.push(invalid(at, completionTime, 'must be equal to or after `startTime`'));
  }
  if ((claim.turned('Failed') || claim.changed('failedIndexes')) && claim.is('Failed') && !claim.is('FailureTarget')) {
    errors.push(conflict('cannot set Failed=True condition without the FailureTarget=true condition'));
  }
  const successMoved = claim.turned('Complete') || claim.turned('SuccessCriteriaMet');
  if (successMoved && complete && !claim.is('SuccessCriteriaMet')) {
    errors.push(conflict('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'));
  }
  return errors;
}

/** A finished Job has nothing left to do. */
function validateFinished(claim: Claim): FieldError[] {
  const { status, job, finished } = claim;
  const errors: FieldError[] = [];
  if (!finished) return errors;
  const moved = claim.finishedTurned;
  if ((moved || claim.changed('active')) && (status.active ?? 0) > 0) {
    errors.push(invalid('status.active', status.active, 'active>0 is invalid for finished job'));
  }
  const emptySuspended = job.spec?.suspend === true && job.spec.completions === 0;
  if ((moved || claim.changed('startTime')) && !emptySuspended && !status.startTime) {
    errors.push(required('status.startTime', 'startTime is required for finished job'));
  }
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if ((moved || claim.changed('uncountedTerminatedPods')) && succeeded.length + failed.length > 0) {
    const lists = { Succeeded: listOrNull(succeeded), Failed: listOrNull(failed) };
    errors.push(invalid('status.uncountedTerminatedPods', lists, 'must be empty for finished job'));
  }
  return errors;
}

/** Go prints an absent list as null. */
function listOrNull(list: readonly string[]): readonly string[] | null {
  return list.length === 0 ? null : list;
}

function validateIndexes(claim: Claim): FieldError[] {
  const { status, job } = claim;
  const { completions, backoffLimitPerIndex, completionMode } = job.spec ?? {};
  const { completedIndexes: completed = '', failedIndexes: failed } = status;
  const completedMoved = claim.changed('completedIndexes');
  const failedMoved = claim.changed('failedIndexes');
  const errors: FieldError[] = [];
  if (completedMoved && completions !== undefined)
    errors.push(...unreadable('completedIndexes', completed, completions));
  if (failedMoved && completions !== undefined && backoffLimitPerIndex !== undefined && failed !== undefined) {
    errors.push(...unreadable('failedIndexes', failed, completions));
  }
  if (completedMoved && completed !== '' && completionMode !== 'Indexed') {
    const detail = 'cannot set non-empty completedIndexes when non-indexed completion mode';
    errors.push(invalid('status.completedIndexes', completed, detail));
  }
  if (failedMoved && backoffLimitPerIndex === undefined && failed !== undefined) {
    const detail = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
    errors.push(invalid('status.failedIndexes', failed, detail));
  }
  if ((failedMoved || completedMoved) && completions !== undefined && failed !== undefined) {
    const common = firstCommonIndex(completed, failed, completions);
    if (common !== undefined) {
      const detail = `failedIndexes and completedIndexes overlap at index: ${common}`;
      errors.push(invalid('status.failedIndexes', failed, detail));
    }
  }
  return errors;
}

function unreadable(member: string, text: string, completions: number): FieldError[] {
  const counted = countIndexes(text, completions);
  return 'problem' in counted ? [invalid(`status.${member}`, text, `error parsing ${member}: ${counted.problem}`)] : [];
}

function validateSuccessCriteria(claim: Claim): FieldError[] {
  const { status, job } = claim;
  const met = claim.is('SuccessCriteriaMet');
  const errors: FieldError[] = [];
  const terminatingMoved = claim.finishedTurned || claim.changed('terminating');
  if (terminatingMoved && claim.finished && (status.terminating ?? 0) > 0) {
    errors.push(invalid('status.terminating', status.terminating, 'terminating>0 is invalid for finished job'));
  }
  const readyMoved = claim.changed('ready') || claim.changed('active');
  if (readyMoved && status.ready !== undefined && status.ready > (status.active ?? 0)) {
    errors.push(invalid('status.ready', status.ready, 'cannot set more ready pods than active'));
  }
  if (met && claim.is('Failed')) errors.push(conflict('cannot set SuccessCriteriaMet=True and Failed=true conditions'));
  if (met && claim.is('FailureTarget')) {
    errors.push(conflict('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'));
  }
  if (job.spec?.successPolicy && !met && claim.is('Complete')) {
    errors.push(conflict('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'));
  }
  return errors;
}

/** What may not be taken back. */
function validateTransition(claim: Claim): FieldError[] {
  const { status, before, job } = claim;
  const errors = (['Failed', 'Complete', 'FailureTarget'] as const)
    .filter((condition) => claim.was(condition) && !claim.is(condition))
    .map((condition) => conflict(`cannot disable the terminal ${condition}=True condition`));
  if ((status.failed ?? 0) < (before.failed ?? 0)) {
    errors.push(invalid('status.failed', status.failed ?? 0, 'cannot decrease the failed counter'));
  }
  // An Indexed Job with as many pods as completions can be scaled down, and then has fewer successes.
  const { completionMode, completions, parallelism } = job.spec ?? {};
  const scalable = completionMode === 'Indexed' && completions === parallelism;
  if (!scalable && (status.succeeded ?? 0) < (before.succeeded ?? 0)) {
    errors.push(invalid('status.succeeded', status.succeeded ?? 0, 'cannot decrease the succeeded counter'));
  }
  if (status.completionTime && before.completionTime && claim.changed('completionTime')) {
    errors.push(invalid('status.completionTime', status.completionTime, immutableMessage));
  }
  if (claim.changed('startTime') && !claim.resuming && before.startTime && !job.spec?.suspend) {
    const detail = 'field is immutable for unsuspended job once set';
    errors.push(invalid('status.startTime', status.startTime ?? null, detail));
  }
  if (claim.was('SuccessCriteriaMet') && !claim.is('SuccessCriteriaMet')) {
    errors.push(conflict('cannot disable the SuccessCriteriaMet=True condition'));
  }
  if (claim.was('Complete') && !claim.was('SuccessCriteriaMet') && claim.is('SuccessCriteriaMet')) {
    errors.push(conflict('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'));
  }
  return errors;
}
