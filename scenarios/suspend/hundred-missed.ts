/**
 * More than 100 missed starts. Older Kubernetes refused to start anything then; 1.36 sends the event TooManyMissedTimes
 * and carries on with the latest slot (semantics 2.5, 8).
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'After more than 100 missed starts there is a warning, and the latest one is made up for',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('hundred', { schedule: '* * * * *', suspend: true, script: 'print done' });
    await when.timeReaches('2026-01-01T02:30:30Z');
    await when.resumed(task);
    await when.timeReaches('2026-01-01T02:32:30Z');
    await then.event('TooManyMissedTimes', 'hundred');
    await then.starts(task, { started: 2, skipped: 149, delayed: 1 });
    await then.ranFor(task, ['2026-01-01T02:30:00Z', '2026-01-01T02:31:00Z', '2026-01-01T02:32:00Z']);
  },
});
