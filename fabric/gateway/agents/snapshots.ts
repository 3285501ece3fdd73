/**
 * Snapshots of agents: an agent's document as it was at one moment, with the skills and actions that it needed then.
 * What is saved later changes none of it.
 */
import type { World } from '../../../world/world.ts';
import type { ListedKind } from '../lists/list-query.ts';
import type { Collection, CollectionDefinition, Query, Store } from '../stores/store.ts';

export interface SnapshotDependency {
  readonly type: 'skill' | 'action';
  readonly name: string;
  /** Absent: it was not there. */
  readonly version?: number;
  readonly document?: unknown;
}

export interface Snapshot {
  readonly snapshotId: string;
  readonly projectId: string;
  readonly agentName: string;
  readonly agentVersion: number;
  readonly title: string;
  /** The newest one of its agent. */
  readonly isTip: boolean;
  /** As the agent was described. */
  readonly agent: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly SnapshotDependency[];
  readonly createdBy: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type NewSnapshot = Omit<Snapshot, 'snapshotId' | 'isTip' | 'createdAt' | 'updatedAt'>;

const definition: CollectionDefinition = {
  name: 'snapshots',
  scalars: [
    ...['snapshotId', 'projectId', 'agentName', 'agentVersion', 'title', 'isTip'],
    ...['createdBy', 'createdAt', 'updatedAt'],
  ],
  indexes: [['projectId', 'agentName', 'updatedAt']],
};

/** What lists are asked by (contract 2.5): these clients write some names with a line before them. */
export const listedSnapshots: ListedKind = {
  kind: 'snapshots',
  fields: ['snapshotId', 'title', 'isTip', '_isTip', 'createdBy', '_createdBy'],
  sortFields: ['createdAt', '_createdAt', 'updatedAt', '_updatedAt'],
  timeFields: ['createdAt', '_createdAt', 'updatedAt', '_updatedAt'],
  defaultSort: 'updatedAt',
  storedIn: new Map(['isTip', 'createdBy', 'createdAt', 'updatedAt'].map((name) => [`_${name}`, name])),
};

export class Snapshots {
  readonly #world: World;
  readonly #collection: Collection<Snapshot>;

  private constructor(world: World, collection: Collection<Snapshot>) {
    this.#world = world;
    this.#collection = collection;
  }

  static async open(world: World, store: Store): Promise<Snapshots> {
    return new Snapshots(world, await store.collection<Snapshot>(definition));
  }

  async get(project: string, id: string): Promise<Snapshot | undefined> {
    const snapshot = await this.#collection.get(id);
    return snapshot?.projectId === project ? snapshot : undefined;
  }

  /** Those of the agent. FilterError when the filter is none. */
  async find(project: string, agent: string, query: Query): Promise<Snapshot[]> {
    const filter = { $and: [{ projectId: project, agentName: agent }, query.filter ?? {}] };
    return (await this.#collection.find({ ...query, filter })).map(({ document }) => document);
  }

  /** It is its agent's newest from then on. */
  async create(given: NewSnapshot): Promise<Snapshot> {
    const now = this.#world.clock.now();
    const snapshotId = this.#world.random.stream('snapshot ids').uuid();
    const snapshot = { ...given, snapshotId, isTip: true, createdAt: now, updatedAt: now };
    const tips = await this.find(given.projectId, given.agentName, { filter: { isTip: true } });
    await this.#collection.write([{ put: { id: snapshotId, document: snapshot } }]);
    for (const { snapshotId: id } of tips) {
      await this.#collection.update(id, (tip) => tip && { ...tip, isTip: false });
    }
    return snapshot;
  }

  /** All of an agent that is deleted. */
  async deleteOf(project: string, agent: string): Promise<void> {
    const found = await this.find(project, agent, {});
    await this.#collection.write(found.map(({ snapshotId }) => ({ delete: snapshotId })));
  }
}
