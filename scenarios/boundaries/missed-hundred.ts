/**
 * Exactly 100 missed starts, and 101. Kubernetes warns from the 101st on, and makes up for the latest one either way
 * (semantics 2.5).
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A hundred missed starts pass without a word, one more is warned of; both are made up for once',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const wish = { schedule: '* * * * *', suspend: true, script: 'print done' };
    const hundred = await given.task('hundred', wish);
    const more = await given.task('more', wish);
    await when.timeReaches('2026-01-01T01:40:30Z');
    await when.resumed(hundred);
    await when.timeReaches('2026-01-01T01:41:30Z');
    await when.resumed(more);
    await when.timeReaches('2026-01-01T01:42:30Z');
    await then.holds('only the second one was warned of', ({ events }) => {
      const warned = events.filter(({ reason }) => reason === 'TooManyMissedTimes');
      const names = warned.map(({ involvedObject }) => involvedObject.name ?? '');
      return names.join() === 'more' ? holds(warned[0]?.message ?? '') : fails(names.join() || 'neither was');
    });
    await then.starts(hundred, { skipped: 99, delayed: 1, started: 2 });
    await then.starts(more, { skipped: 100, delayed: 1, started: 1 });
  },
});
