/**
 * A schedule whose image, payload, variables and correlation change while a run of it goes on. That run keeps what it
 * began with, to its end; each run that begins afterwards has the new, all of it; and records tell of each run what
 * that run had.
 */
import { type Verdict, worst } from '../../harness/invariants/verdict.ts';
import { jobsOf, podsOf, type Recording } from '../../harness/recording/recording.ts';
import { seenOf } from '../../harness/recording/seen.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const script = 'echo the payload; sleep 30s; echo the variable STAGE';

export default scenario({
  title: 'A schedule that changes gives new runs the new, and leaves running ones as they began',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const before = { image: given.image('orrery/actor'), payload: '{"n":1}', environment: { STAGE: 'old' } };
    const after = { image: given.image('orrery/actor-next'), payload: '{"n":2}', environment: { STAGE: 'new' } };
    const task = await given.task('changing', { schedule: '* * * * *', correlationId: 'c-1', script, ...before });
    await when.timeReaches('2026-01-01T00:02:15Z');
    await when.changed(task, { ...after, correlationId: 'c-2' });
    await when.timeReaches('2026-01-01T00:05:00Z');
    await then.runs(task, 4);
    await then.holds('the runs up to the change had the old, those after it the new', (recording) => {
      const jobs = jobsOf(recording, task.name).slice(0, 4);
      return worst(jobs.map((job, index) => equals(toldTo(recording, job.uid), index < 2 ? before : after)));
    });
    await then.holds('each of them was told so to its end, and its record says so', (recording): Verdict => {
      const told = jobsOf(recording, task.name).map(({ uid }) => {
        const record = recording.records.find((candidate) => candidate.uid === uid);
        const log = recording.logs.find(({ key }) => key === record?.logs?.key);
        return [record?.payload, record?.correlationId, log?.text];
      });
      const old = ['{"n":1}', 'c-1', '{"n":1}\nold\n'];
      const fresh = ['{"n":2}', 'c-2', '{"n":2}\nnew\n'];
      return equals(told, [old, old, fresh, fresh]);
    });
  },
});

/** Image, payload and variables of the first pod of a Job. */
function toldTo(recording: Recording, uid: string): unknown {
  const job = recording.jobs.find((candidate) => candidate.uid === uid);
  const [pod] = job ? podsOf(recording, job) : [];
  const [container] = seenOf(recording).pods.get(pod?.uid ?? '')?.containers ?? [];
  const own = (container?.env ?? []).filter(({ name }) => !name.startsWith('FABRIC_'));
  const environment = Object.fromEntries(own.map(({ name, value }) => [name, value]));
  return { image: container?.image, payload: container?.args?.at(-1), environment };
}
