/**
 * One in five answers to the operator and to the gateway is lost, then for a minute all that the gateway gives the
 * operator: the server has acted, and the client does not know. Whoever sends again must not make a second Job, a
 * second record, or a line of the log twice.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'While one answer in five is lost on its way back, nothing is lost and nothing is done twice',
  needs: ['network faults'],
  async play(stage) {
    const { when } = stage;
    const work = await givenWorkload(stage);
    const heals = (['operator', 'gateway'] as const).map((from) =>
      when.fault({ kind: 'loss', from, probability: 0.2, side: 'response' }),
    );
    await when.timePasses('6m');
    for (const heal of heals) heal();
    const healGateway = when.fault({ kind: 'loss', from: 'operator', to: 'gateway', probability: 1, side: 'response' });
    await when.timePasses('1m');
    healGateway();
    await workEnds(stage, work);
    await nothingIsLost(stage, work, 7);
    await stage.then.holds('some reports came again, as their answers were lost', ({ reports }) => {
      const repeated = reports.filter(({ accepted }) => !accepted).length;
      return repeated > 0 ? holds(`${repeated} were known already`) : fails('none did: this showed nothing');
    });
  },
});
