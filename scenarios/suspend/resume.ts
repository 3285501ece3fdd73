/**
 * Suspending stops further starts, not the run that has begun. Without a deadline, resuming starts the latest missed
 * slot at once, however late, and only that one; then the schedule goes on.
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A suspended schedule starts nothing; resumed, it makes up for the latest missed slot only',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('pausing', { schedule: '*/5 * * * *', script: 'sleep 3m; print done' });
    await when.timeReaches('2026-01-01T00:06:00Z');
    await when.suspended(task);
    await when.timeReaches('2026-01-01T00:32:00Z');
    await then.ranFor(task, ['2026-01-01T00:05:00Z']);
    await then.ended(task, 'Complete');
    await then.answers(
      'the gateway shows the schedule as PAUSED',
      '/fabric/v4/projects/proj1/tasks?scheduled=true',
      ({ text }) => ({
        value: text.includes('"PAUSED"') ? 'true' : 'false',
        because: text.slice(0, 300),
      }),
    );
    await when.resumed(task);
    await when.timeReaches('2026-01-01T00:36:00Z');
    await then.ranFor(task, ['2026-01-01T00:05:00Z', '2026-01-01T00:30:00Z', '2026-01-01T00:35:00Z']);
    await then.starts(task, { started: 2, skipped: 4, delayed: 1 });
    await then.explained(task, 'skipped', /^suspended; a later start overtook this one$/);
    await then.explained(task, 'delayed', /^suspended; the latest missed start is made up for$/);
  },
});
