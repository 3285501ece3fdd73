/**
 * A job that fails is tried again by Kubernetes, 10 s and then 20 s after the failure before, until its backoffLimit is
 * used up. The record says FAILED with the reason and the exit code; the log holds all attempts.
 */

import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf, podsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A failing job is retried after 10 s and 20 s, then its record says FAILED and why',
  async play({ given, when, then }) {
    const task = await given.task('failing', { backoffLimit: 2, script: 'print trying; sleep 1s; exit 7' });
    await when.timePasses('3m');
    await then.ended(task, 'Failed', 'BackoffLimitExceeded');
    await then.holds('three attempts, with growing pauses between them', (recording) => {
      const [job] = jobsOf(recording, task.name);
      const pods = job ? podsOf(recording, job) : [];
      const pauses = pods
        .slice(1)
        .map((pod, index) => Math.round((pod.createdAt - (pods[index]?.exitedAt ?? 0)) / 1000));
      const right = pauses.length === 2 && pauses.every((pause, index) => isAbout(pause, index === 0 ? 10 : 20));
      return right ? holds(`pauses of ${pauses.join(' s and ')} s`) : fails(`pauses ${JSON.stringify(pauses)} s`);
    });
    await then.recorded(task, 'FAILED', { exitCode: 7 });
    await then.holds('the stored log holds three attempts', (recording) => {
      const text = recording.logs[0]?.text ?? '';
      return equals(text.split('trying').length - 1, 3);
    });
  },
});

/**
 * From the end of a container, which is known to the second, to a pod that the job controller makes in its next round.
 */
function isAbout(pauseSeconds: number, wantedSeconds: number): boolean {
  return pauseSeconds >= wantedSeconds - 1 && pauseSeconds <= wantedSeconds + 3;
}
