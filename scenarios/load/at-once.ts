/**
 * Forty runs begin and end together, and the gateway takes two seconds for each answer. The operator never has more
 * reports on their way than the eight that it may have, nor follows more logs than 32 at a time; and in the end nothing
 * is missing.
 */

import { neverMoreOpen } from '../../harness/invariants/traffic.ts';
import { forEach } from '../../harness/invariants/verdict.ts';
import { exchangesOf } from '../../harness/recording/exchanges.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

const reportsAtOnce = 8;
const streamsAtOnce = 32;

export default scenario({
  title: 'However many runs come together, reports and log streams stay within their limits',
  needs: ['virtual time', 'network faults'],
  async play({ given, when, then }) {
    when.fault({ kind: 'latency', from: 'operator', to: 'gateway', minimumMs: 2000, maximumMs: 2000 });
    for (let number = 1; number <= 40; number++)
      await given.task(`run-${number}`, { script: 'print begun; sleep 20s; print done' });
    await when.timePasses('3m');
    await then.holds(`never more than ${reportsAtOnce} reports are on their way`, (recording) =>
      neverMoreOpen(
        exchangesOf(recording).filter(({ to }) => to.startsWith('gateway')),
        reportsAtOnce,
      ),
    );
    await then.holds(`never more than ${streamsAtOnce} logs are followed`, (recording) =>
      neverMoreOpen(
        exchangesOf(recording).filter(({ path }) => path.includes('/log?') && path.includes('follow=true')),
        streamsAtOnce,
      ),
    );
    await then.holds('each run is recorded with its whole log', ({ records }) =>
      forEach(records, 'records', ({ name, state, logs }) =>
        state === 'COMPLETE' && logs?.complete === true && logs.bytes === 'begun\ndone\n'.length
          ? undefined
          : `${name} is ${state}, its log ${JSON.stringify(logs)}`,
      ),
    );
    await then.equal('there are forty of them', ({ records }) => records.length, 40);
  },
});
