/**
 * Texts of logs that were found to be covered by their index to the last byte: that holds as long as their bytes stay
 * as they are.
 */
import type { BlobInfo } from '../blobs/blobs.ts';

/** Of more, those that were seen first are looked up again. */
const textsMaximum = 10_000;

export class CoveredTexts {
  readonly #etags = new Map<string, string>();

  has({ key, etag }: BlobInfo): boolean {
    return this.#etags.get(key) === etag;
  }

  add({ key, etag }: BlobInfo): void {
    this.#etags.delete(key);
    this.#etags.set(key, etag);
    const [first] = this.#etags.keys();
    if (this.#etags.size > textsMaximum && first !== undefined) this.#etags.delete(first);
  }
}
