/**
 * The same 100 MB on nodes that keep only two files of 1 MiB: no reader can be fast enough when the job writes in a burst. What is lost is
 * lost; but the record must say so, and where, and never call the log complete.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A log that outruns the node’s rotation is never called complete: the ledger names the gap',
  needs: ['log rotation'],
  fabric: { logRotation: { maximumFiles: 2, maximumFileBytes: 1024 * 1024 } },
  async play({ given, when, then }) {
    await given.task('outrun', { script: 'print first; log 100MB; print last' });
    await when.timePasses('10m');
    await then.holds('the ledger names what is missing', ({ records }) => {
      const logs = records[0]?.logs;
      const named = logs?.complete === false && (logs.missing ?? []).length > 0;
      return named ? holds(JSON.stringify(logs.missing)) : fails(JSON.stringify(logs));
    });
  },
});
