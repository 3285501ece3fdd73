/**
 * A job that runs past its activeDeadlineSeconds is ended by Kubernetes: its pod is told to stop, the Job fails with
 * DeadlineExceeded, and the record and the log up to then stay.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A job that runs past its deadline is stopped, and its record says so',
  async play({ given, when, then }) {
    const task = await given.task('too-long', {
      activeDeadlineSeconds: 60,
      script: 'print begun; sleep 1h; print never',
    });
    await when.timePasses('4m');
    await then.ended(task, 'Failed', 'DeadlineExceeded');
    await then.recorded(task, 'FAILED');
    await then.holds('the record gives the deadline as the reason', ({ records }) => {
      const reason = records[0]?.statusReason ?? '';
      return reason.includes('DeadlineExceeded') ? holds(reason) : fails(JSON.stringify(records[0]));
    });
    await then.logged(task, 'begun');
  },
});
