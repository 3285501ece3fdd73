/**
 * A project's objects as its users see them, by their own keys. The text of a log is shown as far as its index covers
 * it: a batch counts when it is indexed, and what lies behind that was left by a killed process, or is being written.
 * So the bytes, their number, ranges and rows of a log agree at each instant.
 */
import { Problem } from '../http/index.ts';
import type { PutOptions } from './blobs/blobs.ts';
import {
  type BlobInfo,
  type Blobs,
  type ByteRange,
  clip,
  type ListBlobsOptions,
  type OpenBlob,
} from './blobs/blobs.ts';
import { contentKey, logFolderOf } from './keys.ts';
import type { Coverage, LogStore } from './logs/append.ts';

/** How many of a list's logs are looked up at once. */
const logsAtOnce = 16;

export class Objects {
  readonly #blobs: Blobs;
  readonly #logs: LogStore;

  constructor(blobs: Blobs, logs: LogStore) {
    this.#blobs = blobs;
    this.#logs = logs;
  }

  /** Refuses with 409 where a log is: its bytes come from the operator alone, and rows are found by their places. */
  async put(project: string, key: string, source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<BlobInfo> {
    const stored = contentKey(project, key);
    const folder = logFolderOf(key);
    if (folder !== undefined && (await this.#logs.facts(project, folder))) throw isLog(key);
    return this.#blobs.put(stored, source, options);
  }

  async head(project: string, key: string): Promise<BlobInfo | undefined> {
    // Before the text: what grows meanwhile has not been promised yet.
    const coverage = await this.#coverage(project, key);
    const info = await this.#blobs.head(contentKey(project, key));
    return info && coveredPart(info, coverage);
  }

  async get(project: string, key: string, choose: (info: BlobInfo) => ByteRange): Promise<OpenBlob | undefined> {
    const coverage = await this.#coverage(project, key);
    if (coverage === 'nothing') return undefined;
    const open = await this.#blobs.get(contentKey(project, key), (stored) => {
      const info = coveredPart(stored, coverage) ?? stored;
      return clip(choose(info), info.sizeBytes);
    });
    return open && { ...open, info: coveredPart(open.info, coverage) ?? open.info };
  }

  /** With the users' own keys. */
  async list(project: string, prefix: string, options: ListBlobsOptions): Promise<BlobInfo[]> {
    const own = contentKey(project, '').length;
    const found = await this.#blobs.list(contentKey(project, prefix), options);
    const shown: (BlobInfo | undefined)[] = [];
    for (let from = 0; from < found.length; from += logsAtOnce) {
      const some = found.slice(from, from + logsAtOnce).map(async (info) => {
        const key = info.key.slice(own);
        return coveredPart({ ...info, key }, await this.#coverage(project, key, info));
      });
      shown.push(...(await Promise.all(some)));
    }
    return shown.filter((info) => info !== undefined);
  }

  /** False if there was none. */
  async delete(project: string, key: string): Promise<boolean> {
    const stored = contentKey(project, key);
    const folder = logFolderOf(key);
    return folder === undefined ? this.#blobs.delete(stored) : this.#logs.delete(project, folder);
  }

  async #coverage(project: string, key: string, known?: BlobInfo): Promise<Coverage> {
    const folder = logFolderOf(key);
    return folder === undefined ? 'no log' : this.#logs.coverage(project, folder, known);
  }
}

/**
 * The object as far as it counts, undefined when nothing does; its tag then says so, since it changes when more counts.
 */
function coveredPart(info: BlobInfo, coverage: Coverage): BlobInfo | undefined {
  if (coverage === 'nothing') return undefined;
  if (coverage === 'no log' || coverage >= info.sizeBytes) return info;
  return { ...info, sizeBytes: coverage, sha256: undefined, etag: `${info.etag.replace(/"$/, '')}-${coverage}"` };
}

function isLog(key: string): Problem {
  const message = `${JSON.stringify(key)} is the log of a run: choose another key, or delete the log first`;
  return new Problem(409, 'log-key', message);
}
