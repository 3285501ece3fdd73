/**
 * Jobs that nobody but Kubernetes looks after: each goes when its own time to live is over, to the second, counted from
 * its end, be that a success or a failure; its pods go with it. One without a time to live stays.
 */

import { fails, holds } from '../../harness/invariants/verdict.ts';
import { endOf, podsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Kubernetes removes a finished Job and its pods when its time to live is over, and not before',
  needs: ['virtual time'],
  fabric: { gateway: false, content: false },
  async play({ given, when, then }) {
    const script = 'print begun; sleep 10s';
    await given.job('at-once', script, { ttlSecondsAfterFinished: 0 });
    await given.job('a-minute', script, { ttlSecondsAfterFinished: 60 });
    await given.job('of-a-failure', `${script}; exit 1`, { ttlSecondsAfterFinished: 45, backoffLimit: 0 });
    await given.job('running', 'print begun; sleep 10m', { ttlSecondsAfterFinished: 1 });
    await given.job('kept', script);
    await when.timePasses('3m');
    for (const [name, seconds] of [
      ['at-once', 0],
      ['a-minute', 60],
      ['of-a-failure', 45],
    ] as const) {
      await then.holds(`${name} went ${seconds} s after its end, with its pod`, (recording) => {
        const job = recording.jobs.find((candidate) => candidate.name === name);
        const end = job && endOf(job);
        if (!job || !end || job.deletedAt === undefined) return fails('it did not end, or is there');
        // Kubernetes counts from whole seconds.
        const livedMs = job.deletedAt - end.at;
        const isRight = livedMs > seconds * 1000 - 1000 && livedMs <= seconds * 1000 + 1000;
        if (!isRight) return fails(`it went after ${livedMs} ms`);
        const left = podsOf(recording, job).filter((pod) => pod.deletedAt === undefined);
        return left.length === 0 ? holds(`${livedMs} ms`) : fails(`its pod ${left[0]?.name} is left`);
      });
    }
    await then.equal(
      'the others are there',
      ({ jobs }) => jobs.filter(({ deletedAt }) => deletedAt === undefined).map(({ name }) => name),
      ['running', 'kept'],
    );
  },
});
