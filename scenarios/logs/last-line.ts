/**
 * Programs do not always end their last line. What is stored of such a run is what it printed, byte for byte, with no
 * line feed made up at its end; the next attempt begins a line of its own, as it does when two logs are read one after
 * the other.
 */
import { fails } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A last line without a line feed is stored as it was printed, in any attempt',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const long = 'x'.repeat(17_000);
    const printed = [
      [await given.task('once', { script: 'print begun; write no end' }), 'begun\nno end'],
      [await given.task('ended', { script: 'print begun; print end' }), 'begun\nend\n'],
      [await given.task('only', { script: 'write no end' }), 'no end'],
      [
        await given.task('in-two', { script: 'write no; sleep 2s; write  end; sleep 2s; print ; write more' }),
        'noend\nmore',
      ],
      [await given.task('long', { script: `print begun; write ${long}` }), `begun\n${long}`],
    ] as const;
    const tried = await given.task('tried', { backoffLimit: 2, script: 'print begun; write no end; exit 1' });
    const three = ['begun\nno end', 'begun\nno end', 'begun\nno end'].join('\n');
    await when.timePasses('4m');
    for (const [task, text] of [...printed, [tried, three] as const]) {
      await then.holds(`the stored log of ${task.name} is what it printed, and is called whole`, (recording) => {
        const [job] = jobsOf(recording, task.name);
        const ledger = recording.records.find(({ uid }) => uid === job?.uid)?.logs;
        const stored = recording.logs.find(({ key }) => key === ledger?.key)?.text ?? '';
        if (stored !== text)
          return fails(`it is ${JSON.stringify(stored.slice(-60))}, not ${JSON.stringify(text.slice(-60))}`);
        return equals([ledger?.complete, ledger?.bytes], [true, Buffer.byteLength(text)]);
      });
    }
    await then.recorded(tried, 'FAILED', { exitCode: 1 });
  },
});
