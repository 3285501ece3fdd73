/** A cluster with the controllers of Deployments and ReplicaSets and one Deployment; the test itself lets pods run. */
import type { Deployment, Pod, ReplicaSet } from '../../../kubernetes/objects.ts';
import { deployments, replicaSets } from '../../../kubernetes/resources.ts';
import { labels, podsOf, templateOf } from '../replicas/pods.fixture.ts';
import { TestCluster } from '../test-cluster.ts';

export type Spec = Partial<NonNullable<Deployment['spec']>>;

export class RolloutCluster {
  readonly cluster: TestCluster;
  /** Every version of the Deployment. */
  readonly versions: Deployment[] = [];

  private constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }

  static async start(spec: Spec = {}): Promise<RolloutCluster> {
    const cluster = await TestCluster.start(['deployment-controller', 'replicaset-controller']);
    const rollouts = new RolloutCluster(cluster);
    const all = { selector: { matchLabels: labels }, template: templateOf() as never, ...spec };
    const metadata = { name: 'web', namespace: 'default', annotations: { note: 'first' } };
    await cluster.run(
      cluster.client.watch<Deployment>(deployments, {}, ({ object }) => rollouts.versions.push(object)),
    );
    await cluster.create<Deployment>(deployments, { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: all });
    await rollouts.settle();
    return rollouts;
  }

  async settle(ms = 2_000): Promise<void> {
    await this.cluster.simulation.advance(ms);
  }

  /** A merge patch, and time to act upon it. */
  async patch(patch: object): Promise<void> {
    const { cluster } = this;
    await cluster.run(cluster.client.patch(deployments, 'default', 'web', 'merge', patch));
    await this.settle();
  }

  setImage(image: string): Promise<void> {
    return this.patch({ spec: { template: { spec: { containers: [{ name: 'main', image }] } } } });
  }

  async deployment(): Promise<Deployment> {
    const found = await this.cluster.find<Deployment>(deployments, 'web');
    if (!found) throw new Error('the Deployment is gone');
    return found;
  }

  async sets(): Promise<ReplicaSet[]> {
    return this.cluster.list<ReplicaSet>(replicaSets, 'default');
  }

  /** How many pods each image's set wants. */
  async sizes(): Promise<Record<string, number>> {
    const entries = (await this.sets()).map((set) => [
      imageOf(set.spec?.template?.spec?.containers),
      set.spec?.replicas ?? 0,
    ]);
    return Object.fromEntries(entries) as Record<string, number>;
  }

  async imagesOfPods(): Promise<string[]> {
    return (await podsOf(this.cluster)).map((pod: Pod) => imageOf(pod.spec?.containers)).sort();
  }

  async condition(type: string) {
    return (await this.deployment()).status?.conditions?.find((condition) => condition.type === type);
  }
}

function imageOf(containers: readonly { image?: string }[] | undefined): string {
  return containers?.[0]?.image ?? '';
}
