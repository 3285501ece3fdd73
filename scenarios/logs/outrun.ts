/**
 * A node keeps only the newest files of a log (here two of 1 MiB), and its log API serves the last of them alone, with
 * status 200. A reader that comes late, here because the operator was away while the job wrote, gets the end of the log
 * and no hint of what is missing. What is lost is lost; but the record must say so, and where, and never call the log
 * complete.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A log that outran its reader is never called complete: the ledger names the gap',
  needs: ['virtual time', 'log rotation', 'service restarts'],
  fabric: { logRotation: { maximumFiles: 2, maximumFileBytes: 1024 * 1024 } },
  async play({ given, when, then }) {
    const task = await given.task('outrun', {
      script: 'print first; sleep 20s; log 20MB at 1MB/s; sleep 20s; log 10MB at 1MB/s; print last',
    });
    await when.timePasses('10s');
    await when.dies('operator');
    await when.timePasses('70s');
    await when.comesBack('operator');
    await when.timePasses('5m');
    await then.recorded(task, 'COMPLETE');
    await then.holds('the ledger names what is missing', ({ records }) => {
      const logs = records[0]?.logs;
      const named = logs?.complete === false && (logs.missing ?? []).length > 0;
      return named ? holds(JSON.stringify(logs.missing)) : fails(JSON.stringify(logs));
    });
    await then.holds('what there was is stored, the last line too', ({ logs }) => {
      const [log] = logs;
      return log && log.bytes > 0 && log.endsWith === 'last\n'
        ? holds(`${log.bytes} bytes`)
        : fails(JSON.stringify(log));
    });
  },
});
