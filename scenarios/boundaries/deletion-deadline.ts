/**
 * A Task is deleted while managed content cannot be reached. Its Job waits for its log, ten minutes and no more: then
 * it goes, and the record says what is missing. For another one content comes back within that time, and its log is
 * whole.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A deleted run waits ten minutes for its log to be safe, then goes and says what is missing',
  needs: ['virtual time', 'network faults'],
  async play({ given, when, then }) {
    const lost = await given.task('lost', { script: 'print begun; sleep 1h' });
    const saved = await given.task('saved', { script: 'print begun; sleep 1h' });
    await when.timePasses('20s');
    const heal = when.fault({ kind: 'refuse', from: 'operator', to: 'content' });
    await when.deleted(lost);
    await when.timePasses('5m');
    await when.deleted(saved);
    await when.timePasses('4m40s');
    await then.holds('just before the ten minutes are over its Job is there', (recording) => {
      const [job] = jobsOf(recording, lost.name);
      return job && job.deletedAt === undefined ? holds(job.name) : fails('it has gone');
    });
    await when.timePasses('1m50s');
    await then.holds('then it goes', (recording) => {
      const [job] = jobsOf(recording, lost.name);
      const waitedMs = (job?.deletedAt ?? 0) - (job?.deletionRequestedAt ?? 0);
      // Kubernetes notes the deletion in whole seconds.
      return waitedMs >= 599_000 && waitedMs <= 662_000 ? holds(`${waitedMs} ms`) : fails(`${waitedMs} ms`);
    });
    heal();
    await when.timePasses('3m');
    await then.recorded(lost, 'CANCELLED');
    await then.holds('its record says that the log is not whole', ({ records }) => {
      const { logs } = records.find(({ name }) => name === lost.name) ?? {};
      return logs?.complete === false && (logs.missing ?? []).length > 0
        ? holds(JSON.stringify(logs))
        : fails(JSON.stringify(logs));
    });
    await then.recorded(saved, 'CANCELLED');
    await then.logged(saved, 'begun');
    await then.holds('the Job of the other one has gone too', (recording) => {
      const [job] = jobsOf(recording, saved.name);
      return job?.deletedAt === undefined ? fails('it is there') : holds('gone');
    });
  },
});
