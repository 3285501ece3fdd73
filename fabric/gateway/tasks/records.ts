/**
 * The task records of all projects. Keyed by the Job's uid; a one-time Task that the gateway made has a provisional record until
 * the operator's first report of its Job takes it over.
 */
import type { World } from '../../../world/world.ts';
import type { Collection, Filter, Query, Store, Stored } from '../stores/store.ts';
import { recordsDefinition, type StoredRecord } from './record.ts';
import { type Report, withReport } from './take-report.ts';

interface ReportOutcome {
  /** False when the report was stale. */
  readonly accepted: boolean;
  /** True when the run was not known before. */
  readonly created: boolean;
}

/** Times are sorted newest first unless a query says otherwise. */
const newestFirst = { startTime: -1 } as const;

export class TaskRecords {
  readonly #world: World;
  readonly #collection: Collection<StoredRecord>;

  private constructor(world: World, collection: Collection<StoredRecord>) {
    this.#world = world;
    this.#collection = collection;
  }

  static async open(world: World, store: Store): Promise<TaskRecords> {
    return new TaskRecords(world, await store.collection<StoredRecord>(recordsDefinition));
  }

  /** Rejects when the store does not answer. */
  async check(): Promise<void> {
    await this.#collection.find({ limit: 1 });
  }

  async find(query: Query): Promise<StoredRecord[]> {
    const found = await this.#collection.find({ ...query, sort: query.sort ?? newestFirst });
    return found.map(({ document }) => document);
  }

  /** The newest record of that name: a name may come back. */
  async newest(project: string, name: string): Promise<StoredRecord | undefined> {
    return (await this.#newest({ projectId: project, name }))?.document;
  }

  /** The latest run of a schedule. */
  async latestRun(project: string, scheduleName: string): Promise<StoredRecord | undefined> {
    return (await this.#newest({ projectId: project, scheduleName }))?.document;
  }

  /** Takes a report of the operator; repeating it changes nothing. */
  async take(report: Report): Promise<ReportOutcome> {
    const isKnown = (await this.#collection.get(report.uid)) !== undefined;
    const provisional = isKnown ? undefined : await this.#provisionalOf(report);
    let accepted = false;
    let created = false;
    const now = this.#world.clock.now();
    await this.#collection.update(report.uid, (current) => {
      const changed = withReport(current ?? provisional?.document, report, now);
      accepted = changed !== undefined;
      created = current === undefined;
      return changed;
    });
    if (provisional) await this.#collection.write([{ delete: provisional.id }]);
    return { accepted, created };
  }

  /** Notes a run that is about to be submitted; resolves with the id of its provisional record. */
  async begin(record: StoredRecord): Promise<string> {
    const id = `provisional ${this.#world.random.stream('provisional records').uuid()}`;
    await this.#collection.write([{ put: { id, document: { ...record, provisional: true } } }]);
    return id;
  }

  /** The Task of a provisional record exists now. The operator may have been faster. */
  async submitted(id: string, taskUid: string): Promise<void> {
    const [reported] = await this.#collection.find({ filter: { taskUid, provisional: null }, limit: 1 });
    if (reported) return this.forget(id);
    const now = this.#world.clock.now();
    await this.#collection.update(
      id,
      (current) => current && { ...current, taskUid, state: 'SUBMITTED', status: 'SUBMITTED', updatedAt: now },
    );
  }

  /** The Task was deleted: its run is over if the operator has not told of one. */
  async cancelled(taskUid: string): Promise<void> {
    const [found] = await this.#collection.find({ filter: { provisional: true, taskUid }, limit: 1 });
    if (!found) return;
    const now = this.#world.clock.now();
    const end = { state: 'CANCELLED', status: 'CANCELLED', statusReason: 'Deleted', endTime: now, updatedAt: now };
    await this.#collection.update(found.id, (current) => current && { ...current, ...end });
  }

  async forget(id: string): Promise<void> {
    await this.#collection.write([{ delete: id }]);
  }

  /** Removes all records of that name in the project. */
  async remove(project: string, name: string): Promise<void> {
    const found = await this.#collection.find({ filter: { projectId: project, name } });
    await this.#collection.write(found.map(({ id }) => ({ delete: id })));
  }

  /** By the Task's uid; by name when the gateway was killed before it had noted that. */
  async #provisionalOf(report: Report): Promise<Stored<StoredRecord> | undefined> {
    if (report.jobType === 'cron') return undefined;
    const unbound = { provisional: true, projectId: report.projectId, name: report.name, taskUid: null };
    if (report.taskUid === undefined) return this.#newest(unbound);
    return (await this.#newest({ provisional: true, taskUid: report.taskUid })) ?? (await this.#newest(unbound));
  }

  async #newest(filter: Filter): Promise<Stored<StoredRecord> | undefined> {
    const [found] = await this.#collection.find({ filter, sort: { createdAt: -1 }, limit: 1 });
    return found;
  }
}
