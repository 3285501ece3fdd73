/**
 * A pause that has an end. The gateway writes it into the Task and is needed no more: with the gateway gone the
 * operator resumes the schedule at the instant, and an operator that was away then does so when it comes back. As after
 * every resumption the latest missed start is made up for.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A schedule that is paused until an instant is resumed then by the operator alone',
  needs: ['virtual time', 'service restarts'],
  async play({ given, when, then }) {
    const task = await given.task('resting', { schedule: '*/5 * * * *', script: 'print done' });
    const path = `/fabric/v4/projects/proj1/tasks/${task.name}`;
    const pause = (until: string) =>
      when.asked(`${path}/pause?verbose=false`, {
        method: 'POST',
        body: JSON.stringify({ reason: 'maintenance', until }),
      });
    const described = async () => {
      const { task: shown } = (await when.asked(path)).json<{ task: Record<string, unknown> }>();
      return [shown.state, shown.suspendReason ?? null, shown.suspendUntil ?? null];
    };
    await when.timeReaches('2026-01-01T00:06:00Z');
    const past = await pause('2026-01-01T00:05:00Z');
    then.add('an end in the past is refused', equals(past.status, 400));
    await pause('2026-01-01T00:22:00Z');
    const paused = ['PAUSED', 'maintenance', Date.UTC(2026, 0, 1, 0, 22)];
    then.add('it says why, and until when', equals(await described(), paused));
    await when.dies('gateway');
    await when.timeReaches('2026-01-01T00:24:00Z');
    await when.comesBack('gateway');
    then.add('resumed, it says nothing of a pause', equals(await described(), ['Active', null, null]));
    await when.timeReaches('2026-01-01T00:31:00Z');
    await pause('2026-01-01T00:42:00Z');
    await when.timeReaches('2026-01-01T00:33:00Z');
    await when.dies('operator');
    await when.timeReaches('2026-01-01T00:47:00Z');
    then.add('nobody resumes it while the operator is away', equals((await described())[0], 'PAUSED'));
    await when.comesBack('operator');
    await when.timeReaches('2026-01-01T00:52:00Z');
    await then.event('Resumed', 'resting');
    await then.ranFor(task, [
      '2026-01-01T00:05:00Z',
      '2026-01-01T00:20:00Z',
      '2026-01-01T00:25:00Z',
      '2026-01-01T00:30:00Z',
      '2026-01-01T00:45:00Z',
      '2026-01-01T00:50:00Z',
    ]);
  },
});
