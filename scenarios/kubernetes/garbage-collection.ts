/**
 * Three ways to delete an owner, without any help of Fabric's: in the background the Job goes first and its pod after
 * it, in the foreground the pod goes first and the Job waits for it, as an orphan the pod stays and names no owner any
 * more.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { type PodHistory, podsOf, type Recording } from '../../harness/recording/recording.ts';
import { seenOf } from '../../harness/recording/seen.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

const policies = ['Background', 'Foreground', 'Orphan'] as const;

export default scenario({
  title: 'What a deleted Job owned goes after it, before it, or stays, as the delete says',
  needs: ['virtual time'],
  fabric: { gateway: false, content: false },
  async play({ given, when, then }) {
    const made = [];
    for (const policy of policies) made.push(await given.job(policy.toLowerCase(), 'print begun; sleep 1h'));
    const bystander = await given.job('bystander', 'print begun; sleep 1h');
    await when.timePasses('20s');
    for (const [index, policy] of policies.entries()) await when.jobDeleted(made[index] ?? bystander, policy);
    await when.timePasses('2m');
    await then.holds('in the background the Job goes first, its pod after it', (recording) => {
      const { job, pod } = familyOf(recording, 'background');
      return isBefore(job, pod) ? holds(`at ${job}, ${pod}`) : fails(`at ${job}, ${pod}`);
    });
    await then.holds('in the foreground the pod goes first, the Job after it', (recording) => {
      const { job, pod } = familyOf(recording, 'foreground');
      return isBefore(pod, job) ? holds(`at ${pod}, ${job}`) : fails(`at ${pod}, ${job}`);
    });
    await then.holds('as an orphan the pod stays, and names no owner any more', (recording) => {
      const { job, pod, uid } = familyOf(recording, 'orphan');
      const owners = seenOf(recording).pods.get(uid)?.owners ?? ['nobody saw it'];
      const isRight = job !== Number.POSITIVE_INFINITY && pod === Number.POSITIVE_INFINITY && owners.length === 0;
      return isRight ? holds('it runs on') : fails(`${job}, ${pod}, owned by ${owners.join()}`);
    });
    await then.holds('a Job that was not deleted keeps its pod', (recording) => {
      const { job, pod } = familyOf(recording, bystander.name);
      return job === pod && pod === Number.POSITIVE_INFINITY ? holds('both are there') : fails(`${job}, ${pod}`);
    });
  },
});

/** Both have gone, and in this order. */
function isBefore(first: number, second: number): boolean {
  return first < second && second !== Number.POSITIVE_INFINITY;
}

/** The versions at which the Job and its pod went; Infinity for what is there. */
function familyOf(recording: Recording, name: string): { job: number; pod: number; uid: string } {
  const job = recording.jobs.find((candidate) => candidate.name === name);
  if (!job) throw new Error(`no Job ${name} was seen`);
  const [pod] = podsOf(recording, job) as [PodHistory];
  return {
    job: job.removedAs ?? Number.POSITIVE_INFINITY,
    pod: pod.removedAs ?? Number.POSITIVE_INFINITY,
    uid: pod.uid,
  };
}
