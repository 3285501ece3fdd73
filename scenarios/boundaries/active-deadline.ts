/**
 * The shortest deadlines of a run. One second is the least that a Task may say, and 0 is refused with the field named;
 * a run that takes as long as its deadline is not cut, one that takes longer is, not before and hardly after it.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A run is ended as its deadline passes, not before, and a deadline of 0 s is refused',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const refusal = await given.refusalOf('zero', { activeDeadlineSeconds: 0, script: 'print never' });
    const isNamed = refusal?.includes('spec.activeDeadlineSeconds') ?? false;
    then.add('a deadline of 0 s is refused', isNamed ? holds(refusal ?? '') : fails(refusal ?? 'it was accepted'));
    const one = await given.task('one', { activeDeadlineSeconds: 1, script: 'print begun; sleep 10s; print never' });
    const cut = await given.task('cut', { activeDeadlineSeconds: 60, script: 'print begun; sleep 62s; print never' });
    const whole = await given.task('whole', {
      activeDeadlineSeconds: 60,
      script: 'print begun; sleep 55s; print done',
    });
    await when.timePasses('4m');
    await then.ended(one, 'Failed', 'DeadlineExceeded');
    await then.ended(cut, 'Failed', 'DeadlineExceeded');
    await then.ended(whole, 'Complete');
    await then.logged(whole, 'done');
    for (const [task, seconds] of [
      [one, 1],
      [cut, 60],
    ] as const) {
      await then.recorded(task, 'FAILED');
      await then.holds(`${task.name} was told to end ${seconds} s after its start`, (recording) => {
        const [job] = jobsOf(recording, task.name);
        const record = recording.records.find(({ uid }) => uid === job?.uid);
        const firstCount = job?.states.find(({ active, failed }, index) => index > 0 && active === 0 && failed > 0)?.at;
        const tookMs = (firstCount ?? 0) - (record?.startTime ?? 0);
        const isRight = tookMs >= seconds * 1000 && tookMs <= (seconds + 5) * 1000;
        return isRight ? holds(`${tookMs} ms`) : fails(`${tookMs} ms`);
      });
    }
  },
});
