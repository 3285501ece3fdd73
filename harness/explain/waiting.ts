/** Why a run has no pod, or why its pod does not run, in words that need no knowledge of the harness. */
import type { Event } from '../../kubernetes/objects.ts';
import { type JobHistory, type PodHistory, podsOf, type Recording } from '../recording/recording.ts';

/** undefined when the run has ended, or when its pod runs. */
export function whyRunWaits(recording: Recording, job: JobHistory): string | undefined {
  const last = job.states.at(-1);
  if (last?.outcome !== undefined || job.deletedAt !== undefined) return undefined;
  const pods = podsOf(recording, job).filter((pod) => pod.deletedAt === undefined);
  const waiting = pods.find((pod) => pod.runningAt === undefined && pod.finishedAt === undefined);
  if (waiting) return `its pod ${waiting.name} ${whyPodWaits(waiting)}`;
  if (pods.length > 0) return undefined;
  if (last?.suspended) return 'it is suspended: no pod is made for it';
  const refused = recording.events.findLast((event) => isAbout(event, job) && event.reason === 'FailedCreate');
  return refused ? `no pod could be made for it: ${refused.message}` : 'no pod has been made for it yet';
}

function isAbout({ involvedObject }: Event, { uid, name }: JobHistory): boolean {
  return involvedObject.uid === uid || (involvedObject.uid === undefined && involvedObject.name === name);
}

function whyPodWaits({ waiting }: PodHistory): string {
  if (waiting === undefined) return 'waits for its node to start it';
  const { reason, message } = waiting;
  const words = message ? `${reason}: ${message}` : reason;
  if (/Image/.test(reason)) return `waits for its image (${words})`;
  if (reason === 'Unschedulable') return `waits for a node that takes it (${words})`;
  if (reason === 'SchedulingGated') return `is held back by its scheduling gates (${words})`;
  if (reason === 'CrashLoopBackOff') return `is started again after a pause (${words})`;
  if (/Config|RunContainer|StartError/.test(reason)) return `cannot be started (${words})`;
  return `waits (${words})`;
}
