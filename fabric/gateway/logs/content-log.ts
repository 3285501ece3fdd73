/** Stored logs, asked of managed content. */
import type { Response } from 'undici';
import { deadlineSignal } from '../../../world/clock.ts';
import { onceLogFolder } from '../../task/index.ts';
import { contentPath, logRowsPath as rowsPath } from '../content-path.ts';
import { problems } from '../errors.ts';
import { fetchFault } from '../fetched.ts';
import type { Gateway } from '../settings.ts';
import type { StoredRecord } from '../tasks/record.ts';

const headDeadlineMs = 30_000;

/** Folder of a record's log: as its ledger says, else as the operator names it. */
export function logFolderOf(record: StoredRecord): string {
  const key = /^tasks\/(.+)\/log\.txt$/.exec(record.logs?.key ?? '')?.[1];
  if (key !== undefined) return key;
  const name = record.jobName ?? record.name;
  return record.jobType === 'cron' ? name : onceLogFolder(name, record.createdAt ?? 0);
}

export function logKeyOf(record: StoredRecord): string {
  return `tasks/${logFolderOf(record)}/log.txt`;
}

/** Asks managed content; a 502 when it does not answer. The body must be read or cancelled. */
async function askContent(
  gateway: Gateway,
  path: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  if (gateway.contentUrl === undefined) throw problems.noContent();
  const { world } = gateway;
  const deadline = deadlineSignal(world.clock, headDeadlineMs, 'an answer of managed content', signal);
  try {
    return await world.network.fetch(`${gateway.contentUrl}${path}`, { headers, signal: signal ?? deadline.signal });
  } catch (error) {
    throw problems.contentAway(fetchFault(error));
  } finally {
    deadline.clear();
  }
}

export function logTextPath(record: StoredRecord): string {
  return contentPath(record.projectId, logKeyOf(record));
}

/** `query` with its `?`. */
export function logRowsPath(record: StoredRecord, query: string): string {
  return rowsPath(record.projectId, logFolderOf(record)) + query;
}

/** The stored text from `start` on; undefined when nothing is stored. An offset at its end gives nothing. */
export async function storedText(
  gateway: Gateway,
  record: StoredRecord,
  range: string | undefined,
  signal?: AbortSignal,
): Promise<
  { readonly stream: AsyncIterable<Uint8Array>; readonly start: number; readonly sizeBytes: number } | undefined
> {
  if (gateway.contentUrl === undefined) return undefined;
  const answer = await askContent(gateway, logTextPath(record), range ? { range } : {}, signal);
  if (answer.status === 200 || answer.status === 206) {
    const [, start = '0', size = answer.headers.get('content-length') ?? '0'] =
      /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? [];
    return { stream: answer.body ?? nothing(), start: Number(start), sizeBytes: Number(size) };
  }
  await answer.body?.cancel();
  if (answer.status === 416) return { stream: nothing(), start: 0, sizeBytes: 0 };
  if (answer.status === 404) return undefined;
  throw problems.contentAway(`it answered ${answer.status}`);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
