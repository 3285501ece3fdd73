/** The log of a run: shipped pod by pod while it grows, and what is known of it in the end. */
import { hasReason } from '../../../kubernetes/client.ts';
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { jobs } from '../../../kubernetes/resources.ts';
import { annotatedFields, logsAnnotation, taskContainer } from '../../task/labels.ts';
import { logKey } from '../../task/names.ts';
import { isPersisted } from '../../task/read-back.ts';
import { isTerminal } from '../../task/state.ts';
import { logFolderOf } from '../logs/folder.ts';
import { type Ledger, type MissingLines, parseAttempts, runLedger } from '../logs/run-ledger.ts';
import { type PodLogShipper, RunShipping } from '../logs/run-shipping.ts';
import { hasStarted } from '../run/outcome.ts';
import { endOf } from '../ship/pod-log.ts';
import type { Context } from './context.ts';
import type { RunMemory } from './run-book.ts';

/** Ships each pod's log as soon as there is one. */
export function follow(context: Context, job: Job, pods: readonly Pod[], memory: RunMemory): void {
  if (!context.shipper || !isPersisted(job)) return;
  if (!memory.shipping) {
    memory.shipping = shippingOf(context, context.shipper, job, memory);
    memory.attemptsNoted = memory.shipping.attempts.length;
  }
  for (const pod of pods.filter(hasStarted)) {
    memory.shipping.see({ name: pod.metadata?.name ?? '', uid: pod.metadata?.uid ?? '' });
  }
}

function shippingOf(context: Context, shipper: PodLogShipper, job: Job, memory: RunMemory): RunShipping {
  const { namespace = '', name } = job.metadata ?? {};
  const folder = logFolderOf(job);
  const project = job.metadata?.annotations?.[annotatedFields.projectId] ?? '';
  return new RunShipping({
    shipper,
    key: logKey(folder),
    run: { namespace, container: taskContainer, project, folder },
    done: parseAttempts(job.metadata?.annotations?.[logsAnnotation]),
    onChange: () => context.runQueue.add(`${namespace}/${name}`),
    endOf(podUid) {
      const pod = memory.gonePods.get(podUid);
      return pod && endOf(pod, taskContainer);
    },
  });
}

/**
 * Notes on the Job what is safe of a run that is tried again: the pod of an earlier attempt may be gone when the next
 * operator looks. A run that ends with its first attempt needs no note; letting go writes it.
 */
export async function noteAttempts(context: Context, job: Job, memory: RunMemory): Promise<void> {
  const attempts = memory.shipping?.attempts ?? [];
  const isTriedAgain = (job.status?.failed ?? 0) > 0 && memory.facts?.state === 'ACTIVE';
  if (!isTriedAgain || attempts.length <= memory.attemptsNoted) return;
  const { namespace, name = '', uid } = job.metadata ?? {};
  const patch = { metadata: { uid, annotations: { [logsAnnotation]: JSON.stringify(attempts) } } };
  try {
    await context.client.patch<Job>(jobs, namespace, name, 'strategic-merge', patch);
    memory.attemptsNoted = attempts.length;
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
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
