/** Pods of a cluster without nodes: the test itself lets them run and end. */
import type { Pod } from '../../../kubernetes/objects.ts';
import { pods as podType } from '../../../kubernetes/resources.ts';
import { timeText } from '../job/facts.ts';
import type { TestCluster } from '../test-cluster.ts';

/** Pods in `default` that are not ending, by name. */
export async function podsOf(cluster: TestCluster): Promise<Pod[]> {
  const all = await cluster.list<Pod>(podType, 'default');
  return all.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

export async function setPhase(cluster: TestCluster, pod: Pod, phase: string, ready = phase === 'Running') {
  const time = timeText(cluster.simulation.now());
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: time }];
  const patch = { status: { phase, conditions } };
  const { name = '' } = pod.metadata ?? {};
  await cluster.run(cluster.client.patch(podType, 'default', name, 'merge', patch, { subresource: 'status' }));
}

/** All that are not ready yet become ready. */
export async function runAll(cluster: TestCluster): Promise<void> {
  for (const pod of await podsOf(cluster)) {
    if (!pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) {
      await setPhase(cluster, pod, 'Running');
    }
  }
  await cluster.simulation.advance(1_000);
}

export const labels = { app: 'web' };

/** A template with these labels and that image. */
export function templateOf(image = 'web:1', more: object = {}) {
  return { metadata: { labels }, spec: { containers: [{ name: 'main', image }], ...more } };
}
