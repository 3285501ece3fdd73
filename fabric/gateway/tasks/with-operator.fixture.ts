/** A gateway with the operator beside it on one cluster in memory; the test plays Kubernetes. */
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { cronJobs, jobs } from '../../../kubernetes/resources.ts';
import { startOperator } from '../../operator/operator.ts';
import type { OperatorOptions } from '../../operator/settings.ts';
import { endPod, finishJob, makePod, runPod } from '../../operator/testing/play.ts';
import { type Ask, openBench, tasksPath } from '../bench.fixture.ts';

type BenchOptions = NonNullable<Parameters<typeof openBench>[0]>;

export async function openWithOperator(options: BenchOptions = {}, operator: Partial<OperatorOptions> = {}) {
  const bench = await openBench(options);
  const { simulation, cluster } = bench;
  const world = simulation.process('operator');
  const given = { world, client: cluster.client(), gatewayUrl: 'http://gateway:80', ...operator };
  await simulation.run(startOperator(given));
  const { clock } = simulation.process('cluster');
  const post = (path: string, body?: unknown) =>
    bench.ask(`${tasksPath}${path}`, { method: 'POST', ...(body === undefined ? {} : { body }) } as Ask);
  const create = async (more: object) => {
    const answer = await post('', { skillName: 's', actionName: 'a', image: 'i', ...more });
    await simulation.advance(2_000);
    return answer;
  };
  const describe = async (name: string) => (await bench.ask(`${tasksPath}/${name}`)).json?.task;
  const names = async (query = '') =>
    (await bench.ask(`${tasksPath}?limit=0${query}`)).json.tasks.map(({ name }) => name).sort();
  /** A run's pod begins. */
  const begin = async (jobName: string) => {
    const pod = makePod(cluster, jobName);
    runPod(cluster, { clock }, pod);
    await simulation.advance(2_000);
    return pod;
  };
  const end = async (jobName: string, pod: string, exitCode = 0) => {
    endPod(cluster, { clock }, pod, exitCode);
    if (exitCode === 0) finishJob(cluster, { clock }, jobName, 'Complete', { succeeded: 1 });
    else finishJob(cluster, { clock }, jobName, 'Failed', { failed: 1 });
    await simulation.advance(5_000);
  };
  const jobOf = (name: string) => cluster.find<Job>(jobs, name);
  const cronJobOf = (name: string) => cluster.find<CronJob>(cronJobs, name);
  return { ...bench, clock, post, create, describe, names, begin, end, jobOf, cronJobOf };
}
