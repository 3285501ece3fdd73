/**
 * One look at a run: hold it, tell its state, ship its log, and let it go when both are safe. Everything that this
 * forgets when it is killed is found again on the Job or done again without harm.
 */
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { annotatedFields, logsAnnotation } from '../../task/labels.ts';
import { logKey } from '../../task/names.ts';
import { isPersisted } from '../../task/read-back.ts';
import { isTerminal } from '../../task/state.ts';
import { taskContainer } from '../../task/to-job.ts';
import { type Key, taskKeyOf } from '../cluster-view.ts';
import { logFolderOf } from '../logs/folder.ts';
import { type Ledger, type MissingLines, parseAttempts, runLedger } from '../logs/run-ledger.ts';
import { RunShipping } from '../logs/run-shipping.ts';
import { hasStarted, isFinished, type RunFacts, runFacts } from '../run/outcome.ts';
import { recordOf } from '../run/record.ts';
import type { Context } from './context.ts';
import { endPods } from './end-pods.ts';
import { hold } from './hold.ts';
import { isReleased, release } from './release.ts';
import { heldFacts, type RunMemory } from './run-book.ts';

export async function trackRun(context: Context, key: Key): Promise<void> {
  const seen = context.view.job(key);
  if (!seen || context.runs.wasReleased(seen.metadata?.uid ?? '')) return;
  if (isReleased(seen)) {
    lookAtTask(context, seen);
    return;
  }
  const memory = context.runs.of(seen);
  const job = await hold(context, seen, memory);
  if (!job) return;
  const pods = context.view.podsOfJob(job.metadata?.uid ?? '');
  const changed = observe(context, job, pods, memory);
  follow(context, job, pods, memory);
  if (job.metadata?.deletionTimestamp && !isFinished(job)) await endPods(context, job, memory);
  report(context, job, memory);
  if (changed) lookAtTask(context, job);
  if (memory.facts && isTerminal(memory.facts.state)) await release(context, job, memory);
}

function lookAtTask(context: Context, job: Job): void {
  const key = taskKeyOf(job);
  if (key !== undefined) context.taskQueue.add(key);
}

/** Takes in what Job and pods show; true if the run's state is another one than before. */
function observe(context: Context, job: Job, pods: readonly Pod[], memory: RunMemory): boolean {
  const before = memory.facts;
  memory.facts = heldFacts(before, runFacts(job, pods, whyDeleted(context, job)));
  for (const pod of pods) {
    const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    if (ended || hasStarted(pod)) memory.podsAccountedFor.add(pod.metadata?.uid ?? '');
  }
  return before?.state !== memory.facts.state;
}

/** A run that is deleted while its schedule goes on under Replace has made room for the next one. */
function whyDeleted(context: Context, job: Job): 'Deleted' | 'Replaced' {
  const key = taskKeyOf(job);
  const task = key === undefined ? undefined : context.view.task(key);
  const goesOn = task !== undefined && task.metadata?.deletionTimestamp === undefined;
  const policy = job.metadata?.annotations?.[annotatedFields.concurrencyPolicy];
  return goesOn && policy === 'Replace' ? 'Replaced' : 'Deleted';
}

/** Ships each pod's log as soon as there is one. */
export function follow(context: Context, job: Job, pods: readonly Pod[], memory: RunMemory): void {
  if (!context.shipper || !isPersisted(job)) return;
  memory.shipping ??= shippingOf(context, context.shipper, job);
  for (const pod of pods.filter(hasStarted)) {
    memory.shipping.see({ name: pod.metadata?.name ?? '', uid: pod.metadata?.uid ?? '' });
  }
}

function shippingOf(context: Context, shipper: NonNullable<Context['shipper']>, job: Job): RunShipping {
  const { namespace = '', name, uid = '' } = job.metadata ?? {};
  const folder = logFolderOf(job);
  const project = job.metadata?.annotations?.[annotatedFields.projectId] ?? '';
  return new RunShipping({
    shipper,
    key: logKey(folder),
    run: { namespace, container: taskContainer, project, folder, jobUid: uid },
    done: parseAttempts(job.metadata?.annotations?.[logsAnnotation]),
    onChange: () => context.runQueue.add(`${namespace}/${name}`),
  });
}

/** What is known of the run's log; undefined while it is being shipped, and when it stays in the cluster. */
export function ledgerOf(job: Job, memory: RunMemory): Ledger | undefined {
  const { shipping, facts, podsLost } = memory;
  if (!shipping?.settled || !facts || !isTerminal(facts.state)) return undefined;
  const lines = shipping.attempts.at(-1)?.lines ?? 0;
  const lost: MissingLines[] =
    podsLost === 0
      ? []
      : [{ afterLine: lines, reason: `log lost: ${podsLost} pod(s) had been removed before the operator saw them` }];
  return runLedger(logKey(logFolderOf(job)), shipping.attempts, lost);
}

/** Offers the run's record to the report queue if it says anything new. */
export function report(context: Context, job: Job, memory: RunMemory): void {
  const { reports, world } = context;
  const { facts } = memory;
  if (!reports || !facts || !isPersisted(job)) return;
  const logs = ledgerOf(job, memory);
  const news = JSON.stringify([noteworthy(facts), logs]);
  if (memory.offered === news) return;
  memory.offered = news;
  const record = recordOf(job, facts, world.clock.now(), logs);
  // The gateway itself writes all states up to SUBMITTED; what an earlier operator has posted is not known.
  reports.offer(record, memory.fresh ? 'SUBMITTED' : undefined);
}

/** Each state is told, each new attempt, and that a queued run is stuck; not each step of its pod's start. */
function noteworthy(facts: RunFacts): unknown {
  if (facts.state === 'ACTIVE') return [facts.state, facts.statusReason, facts.startTime];
  if (facts.state !== 'QUEUED') return facts;
  const stuck =
    /^(Unschedulable|Suspended|InvalidImageName|ErrImage|ImagePull|ErrImageNeverPull|CreateContainer|RunContainer)/.exec(
      facts.statusReason,
    );
  return [facts.state, stuck?.[1]?.replace('ErrImage', 'ImagePull')];
}
