/**
 * A slot that passed while the schedule was suspended is made up for at resume, late, as long as
 * `startingDeadlineSeconds` has not passed. Here 60 s late with a deadline of 120 s.
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A start that is late, but within its deadline, is made up for',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('met', {
      schedule: '*/10 * * * *',
      startingDeadlineSeconds: 120,
      suspend: true,
      script: 'print done',
    });
    await when.timeReaches('2026-01-01T00:11:00Z');
    await when.resumed(task);
    await when.timePasses('2m');
    await then.ranFor(task, ['2026-01-01T00:10:00Z']);
    await then.explained(task, 'delayed', /^suspended; the latest missed start is made up for$/);
    await then.ended(task, 'Complete');
  },
});
