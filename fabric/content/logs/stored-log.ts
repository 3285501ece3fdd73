/** A stored log as a question finds it: what comes behind its end meanwhile is not looked at. */
import type { BlobReader } from '../blobs/blobs.ts';
import { type LogKeys, logKeys } from '../keys.ts';
import { LogIndex } from './index.ts';
import type { Position } from './position.ts';

export interface StoredLog {
  readonly blobs: BlobReader;
  readonly keys: LogKeys;
  readonly index: LogIndex;
  /** Where the log stands. */
  readonly end: Position;
}

/** Undefined when there is none, or when its text was deleted or has expired. */
export async function openLog(blobs: BlobReader, project: string, folder: string): Promise<StoredLog | undefined> {
  const keys = logKeys(project, folder);
  const [index, text] = await Promise.all([LogIndex.open(blobs, keys.index), blobs.head(keys.text)]);
  if (!index || index.isEmpty || !text) return undefined;
  return { blobs, keys, index, end: await index.last() };
}
