/**
 * Before one in two writes of the operator another writer changes the object, as the status writers and managers of a
 * busy cluster do. A write of an older version is refused with 409: it must be made anew from the newer state, neither
 * given up nor forced through.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'While another writer comes before half of its writes, the operator loses none of them',
  needs: ['API faults'],
  async play(stage) {
    const { when } = stage;
    const work = await givenWorkload(stage);
    const heal = when.fault({ kind: 'write-conflicts', caller: 'operator', probability: 0.5 });
    await when.timePasses('6m');
    await workEnds(stage, work);
    heal();
    await nothingIsLost(stage, work, 6);
  },
});
