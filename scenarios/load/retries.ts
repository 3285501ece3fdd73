/**
 * The gateway refuses for a quarter of an hour, and managed content refuses a log for good. What may be taken later is
 * tried again, further and further apart, but never more than a minute; what is refused for good (a 4xx) is not sent
 * again, and the record says so.
 */
import { backsOff } from '../../harness/invariants/traffic.ts';
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { exchangesOf } from '../../harness/recording/exchanges.ts';
import { jobsOf, type Recording } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title:
    'What is refused for the time being is tried further and further apart; what is refused for good is not sent again',
  needs: ['virtual time', 'network faults'],
  async play({ given, when, then }) {
    const task = await given.task('waiting', { script: 'print done' });
    const heal = when.fault({ kind: 'status', from: 'operator', to: 'gateway', status: 503 });
    await when.timePasses('15m');
    await then.holds('reports are tried further and further apart, a minute at most', (recording) =>
      backsOff(reportsOf(recording, task.name), { finalMs: 30_000, limitMs: 60_001 }),
    );
    heal();
    await when.timePasses('2m');
    // QUEUED and ACTIVE went by while nobody took them.
    await then.recorded(task, 'COMPLETE', { skippedStates: 2 });
    await then.logged(task, 'done');

    const writing = await given.task('writing', { script: 'print begun; sleep 30s; print more; sleep 2m; print last' });
    await when.timePasses('20s');
    const permit = when.fault({ kind: 'status', from: 'operator', to: 'content', status: 413 });
    await when.timePasses('4m');
    permit();
    await when.timePasses('3m');
    await then.holds('a batch that is refused with 413 is not sent again', (recording) => {
      const sent = exchangesOf(recording).filter(({ method, path }) => method === 'POST' && path.includes('/writing-'));
      const refused = sent.filter(({ status }) => status === 413);
      const isLast = refused.length === 1 && sent.at(-1) === refused[0];
      return isLast
        ? holds(`${sent.length} batches, the last one refused`)
        : fails(sent.map(({ status }) => status).join());
    });
    await then.recorded(writing, 'COMPLETE');
    await then.holds('the record says what is missing, and why', ({ records }) => {
      const { logs } = records.find(({ name }) => name === writing.name) ?? {};
      const reason = logs?.missing?.[0]?.reason ?? '';
      return logs?.complete === false && reason.includes('413') ? holds(reason) : fails(JSON.stringify(logs));
    });
  },
});

function reportsOf(recording: Recording, name: string) {
  const [job] = jobsOf(recording, name);
  return exchangesOf(recording).filter(({ path, status }) => path === `/internal/tasks/${job?.uid}` && status === 503);
}
