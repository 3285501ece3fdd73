/**
 * What each field of a record must say, and where that comes from: the Job and its end, the Task as it was when the Job
 * was made, the pods, the reports. The table is the judge: a field that is not in it is held to nothing.
 */
import { withoutToken } from '../../fabric/gateway/tasks/without-token.ts';
import { isTaskState, isTerminal, skippedBetween } from '../../fabric/task/state.ts';
import type { TaskSpec } from '../../fabric/task/task.ts';
import {
  endOf,
  type JobHistory,
  type PodHistory,
  podsOf,
  type Recording,
  type TaskRecord,
} from '../recording/recording.ts';
import { type SeenJob, seenOf, specKey } from '../recording/seen.ts';
import { REPORT_LAG_MS, recordOf } from './records.ts';
import { saidObjection } from './said-spec.ts';
import { forEach, type Verdict } from './verdict.ts';

const generationAnnotation = 'fabric.orrery.dev/task-generation';
const taskUidAnnotation = 'fabric.orrery.dev/task-uid';
const logsAnnotation = 'fabric.orrery.dev/logs';
const logFolderAnnotation = 'fabric.orrery.dev/log-folder';

/** What a run's record is compared with. */
interface Run {
  readonly job: JobHistory;
  readonly seen: SeenJob;
  /** The Task's words as they were when the Job was made. */
  readonly spec: TaskSpec;
  readonly pods: readonly PodHistory[];
  readonly recording: Recording;
  readonly isCron: boolean;
}

/** A run's end counts once its record has had time to come. */
type Due = 'always' | 'once it has ended';

interface FieldRule {
  readonly field: string;
  /** Where it comes from. */
  readonly from: string;
  readonly due: Due;
  objection(record: TaskRecord, run: Run): string | undefined;
}

/** A field that equals a value of the run; `undefined` means that the record must not have it. */
function equal(field: string, from: string, value: (run: Run) => unknown, due: Due = 'always'): FieldRule {
  return { field, from, due, objection: (record, run) => differs(record[field], value(run)) };
}

/** As `equal`, where the run says it; else nothing is asked of it. */
function equalIfKnown(field: string, from: string, value: (run: Run) => unknown): FieldRule {
  const objection = (record: TaskRecord, run: Run) => {
    const wanted = value(run);
    return wanted === undefined ? undefined : differs(record[field], wanted);
  };
  return { field, from, due: 'once it has ended', objection };
}

const words = [
  'projectId',
  'skillName',
  'actionName',
  'agentName',
  'username',
  'source',
  'activationId',
  'channelId',
  'refId',
  'sessionId',
  'taskPool',
  'schedule',
] as const satisfies readonly (keyof TaskSpec)[];

export const recordFields: readonly FieldRule[] = [
  equal('uid', "the Job's uid", ({ job }) => job.uid),
  equal('name', "the Task's name; of a schedule's run the Job's", ({ job, isCron }) => (isCron ? job.name : job.task)),
  ...words.map((word) => equal(word, `spec.${word} of the Task`, ({ spec }) => spec[word])),
  equal('correlationId', "spec.correlationId of the Task, else the schedule's name", ({ spec, job, isCron }) =>
    isCron ? (spec.correlationId ?? job.task) : spec.correlationId,
  ),
  equal('scheduleName', "the Task's name, of a schedule's run", ({ job, isCron }) => (isCron ? job.task : undefined)),
  equal('scheduledTime', 'the annotation of the CronJob controller', ({ job }) => job.scheduledFor),
  equal('scheduled', 'whether the Task has a schedule', ({ isCron }) => isCron),
  equal('jobType', 'whether the Task has a schedule', ({ isCron }) => (isCron ? 'cron' : 'onetime')),
  equal('payload', 'spec.payload of the Task without the token of its message, {} when it has none', ({ spec }) =>
    withoutToken(spec.payload ?? '{}'),
  ),
  {
    field: 'spec',
    from: 'spec of the Task',
    due: 'always',
    objection: (record, { spec }) => saidObjection(record.spec, spec),
  },
  { field: 'status', from: 'the state', due: 'always', objection: ({ state, status }) => differs(status, state) },
  { field: 'createdAt', from: 'creation of the Job', due: 'always', objection: createdObjection },
  { field: 'updatedAt', from: 'the last report', due: 'always', objection: updatedObjection },
  equalIfKnown('startTime', 'status.startTime of the Job', ({ seen }) => millis(seen.startTime)),
  equalIfKnown('endTime', 'completionTime, the condition of the failure, or deletion', endTimeOf),
  equalIfKnown('exitCode', '0, or the exit code of the container that ended last', exitCodeOf),
  { field: 'statusReason', from: 'the reason of the end', due: 'once it has ended', objection: reasonObjection },
  { field: 'skippedStates', from: 'the reports', due: 'once it has ended', objection: skippedObjection },
  equal('artifactsPrefix', "the folder of its log; of a schedule's run the name of its Job", ({ job, seen, isCron }) =>
    isCron ? `tasks/${job.name}/` : `tasks/${onceFolder(job, seen)}/`,
  ),
  { field: 'logs', from: "the operator's note on the Job", due: 'once it has ended', objection: logsObjection },
];

/** Each record of a run whose Task was seen says in every field what Job and Task say. */
export function recordsSayWhatTheirRunsDid(recording: Recording): Verdict {
  const runs = recording.jobs.flatMap((job) => runOf(recording, job) ?? []);
  const recorded = runs.filter(({ job }) => recordOf(recording, job) !== undefined);
  return forEach(recorded, 'records field by field', (run) =>
    objectionTo(recordOf(recording, run.job) as TaskRecord, run),
  );
}

function objectionTo(record: TaskRecord, run: Run): string | undefined {
  const { job, recording } = run;
  const endedAt = endOf(job)?.at ?? job.deletedAt;
  const isOver = isTaskState(record.state) && isTerminal(record.state);
  const isDue = isOver && endedAt !== undefined && endedAt < recording.endedAt - REPORT_LAG_MS;
  for (const { field, from, due, objection } of recordFields) {
    if (due === 'once it has ended' && !isDue) continue;
    const found = objection(record, run);
    if (found !== undefined) return `${field} of the record of ${job.name} ${found} (${from})`;
  }
  return undefined;
}

function runOf(recording: Recording, job: JobHistory): Run | undefined {
  const { jobs, specs } = seenOf(recording);
  const seen = jobs.get(job.uid);
  if (!seen) return undefined;
  const { [taskUidAnnotation]: taskUid = '', [generationAnnotation]: generation = '' } = seen.annotations;
  const spec = specs.get(specKey(taskUid, generation));
  if (!spec) return undefined;
  const isCron = spec.schedule !== undefined && spec.schedule !== '';
  return { job, seen, spec, pods: podsOf(recording, job), recording, isCron };
}

function differs(got: unknown, wanted: unknown): string | undefined {
  const [left, right] = [JSON.stringify(got), JSON.stringify(wanted)];
  return left === right ? undefined : `is ${left?.slice(0, 200)}, not ${right?.slice(0, 200)}`;
}

function millis(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

/** Clocks of a cluster's machines differ a little. */
const skewMs = 2000;

/** What the gateway itself made is older than its Job: the record was there first. */
function createdObjection({ createdAt, source }: TaskRecord, { seen }: Run): string | undefined {
  const made = millis(seen.creationTimestamp);
  if (source !== 'gateway') return differs(createdAt, made);
  return Number(createdAt) <= Number(made) + skewMs ? undefined : `is ${String(createdAt)}, after its Job (${made})`;
}

function updatedObjection({ updatedAt, createdAt }: TaskRecord, { recording }: Run): string | undefined {
  const at = Number(updatedAt);
  const isRight = at >= Number(createdAt) - skewMs && at <= recording.endedAt + skewMs;
  return isRight ? undefined : `is ${String(updatedAt)}, before it was made or in the future`;
}

function endTimeOf({ job, seen }: Run): number | undefined {
  const end = endOf(job);
  if (end?.outcome === 'Complete') return millis(seen.completionTime ?? seen.end?.lastTransitionTime);
  // A run that is deleted as it fails may end by either.
  if (seen.deletionTimestamp !== undefined && end?.outcome === 'Failed') return undefined;
  return end ? millis(seen.end?.lastTransitionTime) : millis(seen.deletionTimestamp);
}

/** Known when each pod was seen to its end, and one of them ended after all others. */
function exitCodeOf({ job, pods }: Run): number | undefined {
  const end = endOf(job);
  if (end?.outcome === 'Complete') return 0;
  if (end?.outcome !== 'Failed' || pods.some(({ exitCode }) => exitCode === undefined)) return undefined;
  const last = Math.max(...pods.map(({ exitedAt = 0 }) => exitedAt));
  const latest = pods.filter(({ exitedAt }) => exitedAt === last);
  return latest.length === 1 ? latest[0]?.exitCode : undefined;
}

function reasonObjection({ state, statusReason = '', exitCode }: TaskRecord, { job }: Run): string | undefined {
  if (state === 'COMPLETE') return differs(statusReason, 'Completed');
  const [word] = statusReason.split(':');
  if (state === 'CANCELLED') return word === 'Deleted' || word === 'Replaced' ? undefined : `is ${statusReason}`;
  const end = endOf(job);
  if (end?.reason !== undefined && word !== end.reason) return `begins with ${word}, not ${end.reason}`;
  const isSaid = exitCode === undefined || /exit code|signal/.test(statusReason);
  return isSaid ? undefined : `does not tell of exit code ${exitCode}: ${statusReason}`;
}

/** Known when nothing came between: the states that lie between two reports that the gateway took. */
function skippedObjection(record: TaskRecord, { job, recording }: Run): string | undefined {
  if (recording.faults.length > 0 || recording.reports.length === 0 || record.state === 'CANCELLED') return undefined;
  const taken = recording.reports.filter(({ uid, accepted }) => uid === job.uid && accepted);
  const states = ['SUBMITTED', ...taken.map(({ state }) => state)].filter(isTaskState);
  const skipped = states.slice(1).map((state, index) => skippedBetween(states[index] ?? state, state));
  return differs(
    record.skippedStates,
    skipped.reduce((sum, count) => sum + count, 0),
  );
}

function onceFolder(job: JobHistory, seen: SeenJob): string {
  return seen.annotations[logFolderAnnotation] ?? `${job.name}-${minuteOf(seen)}`;
}

function minuteOf({ creationTimestamp }: SeenJob): number {
  return Math.floor((millis(creationTimestamp) ?? 0) / 60_000);
}

/** The Job's note is written as it is let go; before that there is none to compare with. */
function logsObjection({ logs }: TaskRecord, { job, seen, pods, isCron }: Run): string | undefined {
  const note = seen.annotations[logsAnnotation];
  if (!logs || note === undefined) return undefined;
  const folder = isCron ? (seen.annotations[logFolderAnnotation] ?? job.name) : onceFolder(job, seen);
  if (logs.key !== `tasks/${folder}/log.txt`) return `has the key ${logs.key}, not tasks/${folder}/log.txt`;
  const attempts = JSON.parse(note) as { podUid: string; bytes: number }[];
  const bytes = Math.max(0, ...attempts.map((attempt) => attempt.bytes));
  if (logs.bytes !== bytes) return `has ${logs.bytes} bytes, the Job's note ${bytes}`;
  const noted = new Set(attempts.map(({ podUid }) => podUid));
  const missed = logs.complete ? pods.find((pod) => pod.runningAt !== undefined && !noted.has(pod.uid)) : undefined;
  return missed && `is complete, and the attempt ${missed.name} is not in it`;
}
