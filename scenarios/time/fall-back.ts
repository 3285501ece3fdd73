/**
 * In the autumn night of Berlin the hour from 02:00 to 03:00 happens twice, and a run planned for 02:30 with it
 * (semantics 2.3).
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'In the autumn night, a run in the hour that happens twice runs twice',
  needs: ['virtual time'],
  fabric: { startAt: '2026-10-24T23:00:00Z' },
  async play({ given, when, then }) {
    const task = await given.task('autumn', {
      schedule: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      script: 'print done',
    });
    await when.timeReaches('2026-10-26T02:00:00Z');
    await then.starts(task, { started: 3 });
    await then.ranFor(task, ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-26T01:30:00Z']);
  },
});
