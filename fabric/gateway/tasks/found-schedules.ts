/** Schedules that a query finds: read from the cluster, since the store has none. */
import type { Gateway } from '../settings.ts';
import { definedMembers, findIn } from '../stores/matching.ts';
import type { Query } from '../stores/store.ts';
import { listSchedules, type ScheduleRecord, scheduleRecord } from './cluster-tasks.ts';

/** Filters compare states in capitals, as those of runs. Newest first unless the query says otherwise. */
export async function foundSchedules(gateway: Gateway, project: string, query: Query): Promise<ScheduleRecord[]> {
  if (!gateway.client) return [];
  const now = gateway.world.clock.now();
  const found = (await listSchedules(gateway.client, project)).map((task) => scheduleRecord(task, now));
  const documents = found.map((record) => {
    const state = record.state.toUpperCase();
    return { id: record.name, document: { ...definedMembers(record), state, status: state } };
  });
  const byName = new Map(found.map((record) => [record.name, record]));
  const matching = findIn(documents, { ...query, sort: query.sort ?? { startTime: -1 } });
  return matching.map(({ id }) => byName.get(id)).filter((record) => record !== undefined);
}
