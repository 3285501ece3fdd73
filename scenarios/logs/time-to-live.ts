/**
 * Stored logs carry a time to live. Within it the log is there; after it managed content removes it by itself, and the
 * record stays, so that the store does not grow for ever.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A stored log is removed after its time to live, its record stays',
  needs: ['virtual time'],
  fabric: { logTtlSeconds: 3600 },
  async play({ given, when, then }) {
    const task = await given.task('short-lived', { script: 'print here today' });
    await when.timePasses('30m');
    await then.logged(task, 'here today');
    await when.timePasses('40m');
    await then.recorded(task, 'COMPLETE');
    await then.holds('the log has gone', ({ logs }) =>
      logs.length === 0 ? holds('nothing is stored') : fails(logs.map((log) => log.key).join(', ')),
    );
  },
});
