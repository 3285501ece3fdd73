/**
 * What the writer of a log knows of it from its last batch, so that the next one need not read it back. The text's tag
 * says whether that still holds: it changes when the text is deleted, expires and begins anew, or is written by anybody
 * else.
 */
import type { BlobInfo } from '../blobs/blobs.ts';
import type { LogState } from './facts.ts';
import { type Position, textBytes } from './position.ts';

export interface KnownLog {
  readonly position: Position;
  /** Where the next entries of the index go. */
  readonly indexBytes: number;
  readonly state: LogState;
}

/** Logs that grow at once, roughly; of more the longest silent ones are read back. */
const logsMaximum = 512;

export class RememberedLogs {
  readonly #logs = new Map<string, KnownLog & { readonly etag: string }>();

  /** `text` is the log's text as the store has it now. */
  find(text: BlobInfo): KnownLog | undefined {
    const known = this.#logs.get(text.key);
    return known?.etag === text.etag && textBytes(known.position) === text.sizeBytes ? known : undefined;
  }

  remember(text: BlobInfo, known: KnownLog): void {
    this.#logs.delete(text.key);
    this.#logs.set(text.key, { ...known, etag: text.etag });
    const [longestSilent] = this.#logs.keys();
    if (this.#logs.size > logsMaximum && longestSilent !== undefined) this.#logs.delete(longestSilent);
  }

  forget(textKey: string): void {
    this.#logs.delete(textKey);
  }
}
