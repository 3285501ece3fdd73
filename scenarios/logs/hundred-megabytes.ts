/**
 * A job that writes 100 MB. The kubelet keeps the newest 50 MiB by default, so a reader that falls behind loses lines
 * without an error (status 200). Here the nodes keep enough; the log must arrive whole, line for line, and the ledger
 * must say so.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A log of 100 MB arrives whole, and the ledger says so',
  needs: ['virtual time', 'log rotation'],
  fabric: { logRotation: { maximumFiles: 5, maximumFileBytes: 64 * 1024 * 1024 } },
  async play({ given, when, then }) {
    const task = await given.task('large', { script: 'print first; log 100MB; print last' });
    await when.timePasses('10m');
    await then.recorded(task, 'COMPLETE');
    await then.holds('the record’s ledger counts at least 100 MB and misses nothing', ({ records }) => {
      const logs = records[0]?.logs;
      const whole = logs?.complete === true && logs.bytes >= 100_000_000;
      return whole ? holds(`${logs.bytes} bytes`) : fails(JSON.stringify(logs));
    });
  },
});
