/**
 * Reads out of a watch cache that lags behind the storage, as each API server of several has one. Source: apiserver's
 * storage/cacher (a list that names a version waits up to 3 s until the cache has it, then 504 "Too large resource
 * version").
 */
import { type Backend, tableOf } from '../backend.ts';
import { versionTooLarge } from '../errors.ts';
import { type Entry, keyOf, type StoredEvent } from '../storage/entry.ts';
import type { Striking } from './faults.ts';
import { drawMs } from './faults.ts';
import type { FaultSubject } from './target.ts';

/** How long a read waits for a version that is not there yet. */
export const waitForVersionMs = 3000;

/**
 * The version that a list shows; undefined when no fault makes it stale. `asked` is the version that it must not be
 * older than; undefined where it wants the newest state.
 */
export async function staleVersion(
  backend: Backend,
  reader: FaultSubject | undefined,
  asked: number | undefined,
): Promise<number | undefined> {
  const striking = reader && staleRead(backend, reader, asked !== undefined);
  if (!striking) return undefined;
  const lagMs = drawMs(striking);
  const { clock } = backend.world;
  const cached = versionAt(backend, reader, clock.now() - lagMs);
  const wanted = eventsOf(backend, reader).findLast(({ version }) => version <= (asked ?? 0));
  if (!wanted || wanted.version <= cached) return cached;
  const waitMs = wanted.time + lagMs - clock.now();
  await clock.sleep(Math.min(waitMs, waitForVersionMs));
  if (waitMs > waitForVersionMs) throw versionTooLarge(wanted.version, cached);
  return Math.max(wanted.version, versionAt(backend, reader, clock.now() - lagMs));
}

/**
 * The version that a get or the beginning of a watch shows, which wait for nothing; `isCached` when it allows an older
 * state.
 */
export function staleVersionNow(backend: Backend, reader: FaultSubject, isCached: boolean): number | undefined {
  const striking = staleRead(backend, reader, isCached);
  return striking && versionAt(backend, reader, backend.world.clock.now() - drawMs(striking));
}

/** The object as it was at that version. */
export function entryAt(
  backend: Backend,
  { resource, namespace = '' }: FaultSubject,
  name: string,
  version: number,
): Entry | undefined {
  const table = tableOf(backend, resource);
  const key = keyOf(namespace, name);
  const change = table.eventsAfter(version)?.find(({ before, after }) => {
    const some = before ?? after;
    return some !== undefined && keyOf(some.namespace, some.name) === key;
  });
  return change ? change.before : table.get(namespace, name);
}

function staleRead(backend: Backend, reader: FaultSubject, isCached: boolean): Striking<'stale-reads'> | undefined {
  return backend.faults.hitting('stale-reads', reader).find(({ fault }) => isCached || fault.reads === 'all');
}

/** The version that the cache had reached at that instant; as far back as it goes. */
function versionAt(backend: Backend, reader: FaultSubject, instant: number): number {
  const known = eventsOf(backend, reader).findLast(({ time }) => time <= instant);
  const oldest = Math.max(tableOf(backend, reader.resource).oldest, backend.watchCache.from);
  return Math.max(known?.version ?? oldest, oldest);
}

function eventsOf(backend: Backend, { resource }: FaultSubject): readonly StoredEvent[] {
  const table = tableOf(backend, resource);
  return table.eventsAfter(table.oldest) ?? [];
}
