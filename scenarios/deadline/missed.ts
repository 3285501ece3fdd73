/**
 * A slot older than `startingDeadlineSeconds` is lost: no Job, no event, no record (semantics 2.5, 9: "a missed
 * deadline is silent"). The reason must stand in a condition of the Task, or nobody ever learns of it.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A start that misses its deadline is lost, and the Task says so',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('missed', {
      schedule: '*/10 * * * *',
      startingDeadlineSeconds: 120,
      suspend: true,
      script: 'print done',
    });
    await when.timeReaches('2026-01-01T00:15:00Z');
    await when.resumed(task);
    await when.timeReaches('2026-01-01T00:22:00Z');
    await then.ranFor(task, ['2026-01-01T00:20:00Z']);
    await then.explained(task, 'skipped', /^suspended; startingDeadlineSeconds 120 passed$/);
    await then.holds('a condition of the Task names the lost start', ({ tasks }) => {
      const conditions = tasks.find(({ name }) => name === task.name)?.conditions ?? [];
      const found = conditions.find(({ message }) => message?.includes('2026-01-01T00:10:00Z'));
      return found ? holds(`${found.type}: ${found.message}`) : fails(JSON.stringify(conditions));
    });
  },
});
