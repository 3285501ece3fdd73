/** Records wherever they are: in the store, or in the cluster of what keeps its records there. */
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import { definedMembers, findIn } from '../stores/matching.ts';
import type { Query } from '../stores/store.ts';
import { clusterRecords } from './cluster-records.ts';
import type { StoredRecord } from './record.ts';

interface Found {
  readonly records: readonly StoredRecord[];
  /** What may be missing, and why. */
  readonly warning?: string;
}

const newestFirst = { startTime: -1 } as const;

/** What the query finds of the project's records; `filter` must name the project. */
export async function findRecords(gateway: Gateway, project: string, query: Query): Promise<Found> {
  const { client, persistTasks, pools, records } = gateway;
  if (!persistTasks) {
    if (!client) throw problems.noCluster('a Fabric that keeps no records');
    return { records: matching(await clusterRecords(gateway, client, project), query) };
  }
  if (!client || !pools?.mayExist) return { records: await records.find(query) };
  const ofCluster = await clusterRecords(gateway, client, project).catch((error: unknown) => String(error));
  if (typeof ofCluster === 'string') {
    const warning = `tasks of pools that keep their records in the cluster may be missing: ${ofCluster}`;
    return { records: await records.find(query), warning };
  }
  if (ofCluster.length === 0) return { records: await records.find(query) };
  const { limit, skip = 0 } = query;
  const stored = await records.find({
    ...query,
    limit: limit === undefined ? undefined : limit + skip,
    skip: undefined,
  });
  const known = new Set(ofCluster.map(({ taskUid, uid }) => uid ?? taskUid));
  // Of a pool that has been changed, or was not known yet, the store has the beginning.
  const others = stored.filter((record) => !record.provisional || !known.has(record.uid ?? record.taskUid));
  return { records: matching([...others, ...ofCluster], query) };
}

/** The latest run of a schedule, by its start. */
export async function latestRun(
  gateway: Gateway,
  project: string,
  scheduleName: string,
): Promise<StoredRecord | undefined> {
  const filter = { projectId: project, scheduleName };
  const { records } = await findRecords(gateway, project, { filter, sort: { createdAt: -1 }, limit: 1 });
  return records[0];
}

function matching(records: readonly StoredRecord[], query: Query): StoredRecord[] {
  const documents = records.map((record, index) => ({ id: `${index}`, document: definedMembers(record) }));
  const found = findIn(documents, { ...query, sort: query.sort ?? newestFirst });
  return found.map(({ document }) => document as unknown as StoredRecord);
}
