/** Deployments on the simulated API server, their pods made ready by the test. */
import { describe, expect, test } from 'vitest';
import type { Pod, ReplicaSet } from '../../../kubernetes/objects.ts';
import { replicaSets } from '../../../kubernetes/resources.ts';
import { isReady } from '../job/facts.ts';
import { podsOf, runAll, setPhase } from '../replicas/pods.fixture.ts';
import { RolloutCluster, type Spec } from './rollouts.fixture.ts';

const revision = 'deployment.kubernetes.io/revision';

/** All pods are ready. */
async function running(spec: Spec = {}): Promise<RolloutCluster> {
  const rollouts = await RolloutCluster.start(spec);
  await runAll(rollouts.cluster);
  await rollouts.settle();
  return rollouts;
}

describe('a new Deployment', () => {
  test('makes a ReplicaSet whose name, labels and selector have a hash, and tells of it', async () => {
    const rollouts = await running({ replicas: 2 });
    const [set] = await rollouts.sets();
    const hash = set?.metadata?.labels?.['pod-template-hash'];
    expect(set?.metadata?.name).toBe(`web-${hash}`);
    expect(set?.spec?.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
    expect(set?.metadata?.annotations).toEqual({
      note: 'first',
      [revision]: '1',
      'deployment.kubernetes.io/desired-replicas': '2',
      'deployment.kubernetes.io/max-replicas': '3',
    });
    expect(await rollouts.cluster.events()).toContain(
      `ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 2`,
    );
  });

  test('is progressing, then available, then complete, and says so once each', async () => {
    const rollouts = await running({ replicas: 1 });
    const { status, metadata } = await rollouts.deployment();
    expect(metadata?.annotations?.[revision]).toBe('1');
    expect(status).toMatchObject({ replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 });
    expect(status?.unavailableReplicas).toBeUndefined();
    const reasons = rollouts.versions.map(
      (version) => version.status?.conditions?.find(({ type }) => type === 'Progressing')?.reason,
    );
    expect(reasons.filter((reason, index) => reason !== reasons[index - 1])).toEqual([
      'NewReplicaSetCreated',
      'ReplicaSetUpdated',
      'NewReplicaSetAvailable',
    ]);
    const written = rollouts.versions.length;
    await rollouts.settle(60_000);
    expect(rollouts.versions).toHaveLength(written);
  });
});

describe('a rolling update', () => {
  test('never has fewer available pods nor more pods than it may', async () => {
    const rollouts = await running({
      replicas: 4,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
    });
    await rollouts.setImage('web:2');
    for (let step = 0; step < 12; step++) {
      const pods = await podsOf(rollouts.cluster);
      expect(pods.length).toBeLessThanOrEqual(5);
      expect(pods.filter(isReady).length).toBeGreaterThanOrEqual(3);
      const waiting = pods.find((pod) => !isReady(pod));
      if (!waiting) break;
      await setPhase(rollouts.cluster, waiting, 'Running');
      await rollouts.settle();
    }
    expect(await rollouts.imagesOfPods()).toEqual(Array(4).fill('web:2'));
    expect(await rollouts.sizes()).toEqual({ 'web:1': 0, 'web:2': 4 });
    expect((await rollouts.deployment()).metadata?.annotations?.[revision]).toBe('2');
  });

  test('goes back to an earlier template in the set that had it, under a new revision', async () => {
    const rollouts = await running({ replicas: 1 });
    for (const image of ['web:2', 'web:1']) {
      await rollouts.setImage(image);
      await runAll(rollouts.cluster);
      await rollouts.settle();
    }
    const annotations = (await rollouts.sets()).map(({ metadata }) => [
      metadata?.annotations?.[revision],
      metadata?.annotations?.['deployment.kubernetes.io/revision-history'],
    ]);
    expect(annotations.sort()).toEqual([
      ['2', undefined],
      ['3', '1'],
    ]);
  });

  test('counts revisions on beyond what a double holds', async () => {
    const rollouts = await running({ replicas: 1 });
    const [set] = await rollouts.sets();
    const metadata = { annotations: { [revision]: '3546343826724305832' } };
    const { name = '' } = set?.metadata ?? {};
    await rollouts.cluster.run(rollouts.cluster.client.patch(replicaSets, 'default', name, 'merge', { metadata }));
    await rollouts.setImage('web:2');
    expect((await rollouts.deployment()).metadata?.annotations?.[revision]).toBe('3546343826724305833');
  });

  test('that is paused does not begin, and does when it is resumed', async () => {
    const rollouts = await running({ replicas: 1 });
    await rollouts.patch({ spec: { paused: true } });
    await rollouts.setImage('web:2');
    expect(await rollouts.sizes()).toEqual({ 'web:1': 1 });
    expect(await rollouts.condition('Progressing')).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    await rollouts.patch({ spec: { paused: false } });
    expect(await rollouts.sizes()).toEqual({ 'web:1': 1, 'web:2': 1 });
  });

  test('scaled on its way gives each set its share', async () => {
    const rollouts = await running({
      replicas: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    await rollouts.setImage('web:2');
    expect(await rollouts.sizes()).toEqual({ 'web:1': 8, 'web:2': 5 });
    await rollouts.patch({ spec: { replicas: 30 } });
    expect(await rollouts.sizes()).toEqual({ 'web:1': 20, 'web:2': 13 });
  });

  test('that gets nowhere is told to have exceeded its deadline', async () => {
    const rollouts = await running({ replicas: 1, progressDeadlineSeconds: 30 });
    await rollouts.setImage('web:2');
    await rollouts.settle(20_000);
    expect((await rollouts.condition('Progressing'))?.reason).toBe('ReplicaSetUpdated');
    await rollouts.settle(20_000);
    expect(await rollouts.condition('Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    expect((await rollouts.condition('Available'))?.status).toBe('True');
  });

  test('keeps as many old sets as the history may have', async () => {
    const rollouts = await running({ replicas: 1, revisionHistoryLimit: 1 });
    for (const image of ['web:2', 'web:3', 'web:4']) {
      await rollouts.setImage(image);
      await runAll(rollouts.cluster);
      await rollouts.settle();
    }
    expect(await rollouts.sizes()).toEqual({ 'web:3': 0, 'web:4': 1 });
  });
});

describe('a Deployment that recreates its pods', () => {
  test('makes new ones when the last old one is gone', async () => {
    const rollouts = await running({ replicas: 2, strategy: { type: 'Recreate' } });
    const [held] = await podsOf(rollouts.cluster);
    const finalizers = (list: string[] | null) =>
      rollouts.cluster.run(
        rollouts.cluster.client.patch(
          { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true },
          'default',
          (held as Pod).metadata?.name ?? '',
          'merge',
          { metadata: { finalizers: list } },
        ),
      );
    await finalizers(['test.dev/hold']);
    await rollouts.setImage('web:2');
    await rollouts.settle(10_000);
    expect(await rollouts.sizes()).toEqual({ 'web:1': 0 });
    await finalizers(null);
    await rollouts.settle();
    expect(await rollouts.imagesOfPods()).toEqual(['web:2', 'web:2']);
  });
});

describe('ReplicaSets', () => {
  test('that nobody owns are adopted by their labels, and let go with others', async () => {
    const rollouts = await running({ replicas: 1 });
    const [set] = await rollouts.sets();
    const name = set?.metadata?.name ?? '';
    const write = (metadata: object) =>
      rollouts.cluster.run(rollouts.cluster.client.patch(replicaSets, 'default', name, 'merge', { metadata }));
    const owners = async () =>
      (await rollouts.cluster.find<ReplicaSet>(replicaSets, name))?.metadata?.ownerReferences?.map(
        (owner) => owner.kind,
      );
    await write({ ownerReferences: null });
    await rollouts.settle();
    expect(await owners()).toEqual(['Deployment']);
    await write({ labels: { app: 'other' } });
    await rollouts.settle();
    expect(await owners()).toBeUndefined();
  });

  test('are gone back to by an annotation, which is then taken away', async () => {
    const rollouts = await running({ replicas: 1 });
    await rollouts.setImage('web:2');
    await runAll(rollouts.cluster);
    await rollouts.settle();
    await rollouts.patch({ metadata: { annotations: { 'deprecated.deployment.rollback.to': '1' } } });
    const { spec, metadata } = await rollouts.deployment();
    expect(spec?.template.spec?.containers[0]?.image).toBe('web:1');
    expect(metadata?.annotations).not.toHaveProperty('deprecated.deployment.rollback.to');
    expect(await rollouts.cluster.events()).toContain('DeploymentRollback: Rolled back deployment "web" to revision 1');
  });
});
