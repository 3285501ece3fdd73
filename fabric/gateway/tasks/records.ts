/**
 * The task records of all projects. Keyed by the Job's uid; a one-time Task that the gateway made has a provisional
 * record until the operator's first report of its Job takes it over.
 */
import type { World } from '../../../world/world.ts';
import type { Collection, Filter, Query, Store, Stored } from '../stores/store.ts';
import { Changes, type Waiting } from './changes.ts';
import { recordsDefinition, type StoredRecord } from './record.ts';
import { type Report, withReport } from './take-report.ts';
import { withoutToken } from './without-token.ts';

interface ReportOutcome {
  /** False when the report was stale. */
  readonly accepted: boolean;
  /** True when the run was not known before. */
  readonly created: boolean;
}

export type CallRecord = Pick<StoredRecord, 'projectId' | 'name' | 'activationId' | 'channelId'>;

/** Times are sorted newest first unless a query says otherwise. */
const newestFirst = { startTime: -1 } as const;

export class TaskRecords {
  readonly #world: World;
  readonly #collection: Collection<StoredRecord>;
  /** Provisional records whose Task is being made at the moment, by this gateway. */
  readonly #submitting = new Set<string>();
  readonly #changes: Changes;

  private constructor(world: World, collection: Collection<StoredRecord>) {
    this.#world = world;
    this.#collection = collection;
    this.#changes = new Changes(world.clock);
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

  /**
   * The record of an activation's call. Names of its Task may come back within the time that records are kept; channels
   * do not.
   */
  async ofCall(call: CallRecord): Promise<StoredRecord | undefined> {
    const { projectId, name, activationId, channelId } = call;
    return (await this.#newest({ projectId, activationId, channelId, name }))?.document;
  }

  /** The latest run of a schedule. */
  async latestRun(project: string, scheduleName: string): Promise<StoredRecord | undefined> {
    return (await this.#newest({ projectId: project, scheduleName }))?.document;
  }

  /** Takes a report of the operator; repeating it changes nothing. */
  async take(report: Report): Promise<ReportOutcome> {
    const known = await this.#collection.get(report.uid);
    // A gateway that was killed just behind the first report left it.
    if (known?.takenFrom !== undefined) await this.forget(known.takenFrom);
    const provisional = known ? undefined : await this.#provisionalOf(report);
    let accepted = false;
    let created = false;
    const now = this.#world.clock.now();
    await this.#collection.update(report.uid, (current) => {
      const changed = withReport(current ?? provisional?.document, withoutSecrets(report), now);
      accepted = changed !== undefined;
      created = current === undefined;
      return changed && { ...changed, takenFrom: provisional?.id };
    });
    if (provisional) await this.#collection.write([{ delete: provisional.id }]);
    this.#changes.tell(report.name);
    return { accepted, created };
  }

  /** Wakes whoever waits for a change of a record of that name. */
  tell(name: string): void {
    this.#changes.tell(name);
  }

  /** Waits for a change of a record of that name that this gateway makes, at most `atMostMs`. */
  changed(name: string, atMostMs: number, signal: AbortSignal): Waiting {
    return this.#changes.wait(name, atMostMs, signal);
  }

  /**
   * Notes a run that is about to be submitted, and lets `submit` do so; it is given the id of the provisional record.
   */
  async whileSubmitting<T>(record: StoredRecord, creation: string, submit: (id: string) => Promise<T>): Promise<T> {
    const id = provisionalId(creation);
    this.#submitting.add(id);
    try {
      await this.#collection.write([
        { put: { id, document: { ...withoutSecrets(record), creation, provisional: true } } },
      ]);
      return await submit(id);
    } finally {
      this.#submitting.delete(id);
    }
  }

  /** Runs that only a gateway knows of, none of which is being submitted by this one. */
  async unsettled(): Promise<Stored<StoredRecord>[]> {
    const filter = { provisional: true, state: { $in: ['PENDING', 'SUBMITTED'] } };
    const found = await this.#collection.find({ filter });
    return found.filter(({ id }) => !this.#submitting.has(id));
  }

  /** True when a report has taken the run over, and its provisional record was left behind. */
  async isTakenOver({ id, document: { taskUid } }: Stored<StoredRecord>): Promise<boolean> {
    const ways: Filter[] = [{ takenFrom: id }, ...(taskUid === undefined ? [] : [{ taskUid, provisional: null }])];
    for (const filter of ways) if ((await this.#collection.find({ filter, limit: 1 })).length > 0) return true;
    return false;
  }

  /** Ends a run that only a gateway knows of, unless a report has come meanwhile. `end` says how. */
  async end(id: string, end: Partial<StoredRecord> & Pick<StoredRecord, 'state'>): Promise<void> {
    const now = this.#world.clock.now();
    const ended = await this.#collection.update(id, (current) => {
      if (!current) return undefined;
      const { provisional: _, ...known } = current;
      return { ...known, endTime: now, ...end, status: end.state, updatedAt: now };
    });
    if (ended) this.#changes.tell(ended.name);
  }

  /** The Task of a provisional record exists now. The operator may have been faster. */
  async submitted(id: string, taskUid: string): Promise<void> {
    const [reported] = await this.#collection.find({ filter: { taskUid, provisional: null }, limit: 1 });
    if (reported) return this.forget(id);
    const now = this.#world.clock.now();
    await this.#collection.update(
      id,
      (current) =>
        current && { ...current, taskUid, provisional: true, state: 'SUBMITTED', status: 'SUBMITTED', updatedAt: now },
    );
  }

  /**
   * The Task was deleted: its run is over if the operator has not told of one. `creation` finds it when its uid had not
   * been noted.
   */
  async cancelled(taskUid: string | undefined, creation: string | undefined): Promise<void> {
    const filter = { provisional: true, taskUid };
    const [found] = taskUid === undefined ? [] : await this.#collection.find({ filter, limit: 1 });
    const id = found?.id ?? (creation === undefined ? undefined : provisionalId(creation));
    if (id === undefined) return;
    const now = this.#world.clock.now();
    const end = { state: 'CANCELLED', status: 'CANCELLED', statusReason: 'Deleted', endTime: now, updatedAt: now };
    const ended = await this.#collection.update(id, (current) => current && { ...current, taskUid, ...end });
    if (ended) this.#changes.tell(ended.name);
  }

  async forget(id: string): Promise<void> {
    await this.#collection.write([{ delete: id }]);
  }

  /** Removes records of what ended before `before` (epoch ms), at most so many; resolves with how many. */
  async retire(before: number, atMost: number): Promise<number> {
    const filter = { state: { $in: ['COMPLETE', 'FAILED', 'CANCELLED'] }, endTime: { $lt: before } };
    const found = await this.#collection.find({ filter, limit: atMost });
    await this.#collection.write(found.map(({ id }) => ({ delete: id })));
    return found.length;
  }

  /**
   * Records of those names are history from now on: lists leave them out unless they are asked for (contract 3.4.5).
   */
  async hide(project: string, names: readonly string[]): Promise<void> {
    for (const name of names) {
      const found = await this.#collection.find({ filter: { projectId: project, name } });
      for (const { id } of found) {
        await this.#collection.update(id, (current) => current && { ...current, isDeleted: true });
      }
    }
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

/** Records are read by people to whom the token of a message was not given. */
function withoutSecrets<T extends StoredRecord>(record: T): T {
  return record.payload === undefined ? record : { ...record, payload: withoutToken(record.payload) };
}

function provisionalId(creation: string): string {
  return `provisional ${creation}`;
}
