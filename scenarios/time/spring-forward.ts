/**
 * In the spring night of Berlin the wall clock jumps from 02:00 to 03:00. A run planned for 02:30 does not happen on
 * that day: it is not moved, it is skipped (semantics 2.3).
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'In the spring night, a run in the hour that does not exist is skipped',
  needs: ['virtual time'],
  fabric: { startAt: '2026-03-28T00:00:00Z' },
  async play({ given, when, then }) {
    const task = await given.task('spring', {
      schedule: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      script: 'print done',
    });
    await when.timeReaches('2026-03-30T01:00:00Z');
    await then.starts(task, { started: 2 });
    await then.ranFor(task, ['2026-03-28T01:30:00Z', '2026-03-30T00:30:00Z']);
  },
});
