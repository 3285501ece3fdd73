/**
 * The shortest deadlines of a start. Kubernetes looks 100 ms after a slot: with a deadline of 0 s every start is too
 * late then, with one of 1 s none is (semantics 2.4). Suspended over a slot and resumed one second before the deadline
 * has passed, it is made up for; one second after, it is lost.
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title:
    'With a starting deadline of 0 s nothing ever starts, with 1 s everything does; a missed start counts to its very second',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const none = await given.task('none', { schedule: '* * * * *', startingDeadlineSeconds: 0, script: 'print never' });
    const all = await given.task('all', { schedule: '* * * * *', startingDeadlineSeconds: 1, script: 'print done' });
    const wish = { schedule: '*/10 * * * *', startingDeadlineSeconds: 30, suspend: true, script: 'print done' };
    const met = await given.task('met', wish);
    const missed = await given.task('missed', wish);
    await when.timeReaches('2026-01-01T00:10:29Z');
    await when.resumed(met);
    await when.timeReaches('2026-01-01T00:10:31Z');
    await when.resumed(missed);
    await when.timeReaches('2026-01-01T00:12:30Z');
    await then.runs(none, 0);
    await then.starts(none, { skipped: 12 });
    await then.runs(all, 12);
    await then.starts(all, { started: 12 });
    await then.ranFor(met, ['2026-01-01T00:10:00Z']);
    await then.ranFor(missed, []);
  },
});
