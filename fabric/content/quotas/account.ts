/**
 * What the objects of one project take, and what its uploads under way have taken beyond that. Counted once from a list
 * of the store, and from then on with each change.
 */
import type { BlobInfo } from '../blobs/blobs.ts';

type Counted = Pick<BlobInfo, 'sizeBytes' | 'expiresAt'>;

export class Account {
  readonly #objects = new Map<string, Counted>();
  readonly #now: () => number;
  #objectBytes = 0;
  #uploadBytes = 0;
  /** When nothing is left to expire before, epoch ms. */
  #expiresNextAt = Number.POSITIVE_INFINITY;

  /** `now` is epoch ms, of the store's clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The object is of that size from now on, or gone. */
  set(key: string, object: Counted | undefined): void {
    this.#objectBytes -= this.#objects.get(key)?.sizeBytes ?? 0;
    this.#objects.delete(key);
    if (!object) return;
    const { sizeBytes, expiresAt } = object;
    this.#objects.set(key, { sizeBytes, expiresAt });
    this.#objectBytes += sizeBytes;
    this.#expiresNextAt = Math.min(this.#expiresNextAt, expiresAt ?? Number.POSITIVE_INFINITY);
  }

  /** Bytes of what is visible. */
  get objectBytes(): number {
    this.#letExpiredGo();
    return this.#objectBytes;
  }

  /** Bytes that would be there if all uploads under way became visible, this one in the place of the key's object. */
  bytesWith(key: string): number {
    return this.objectBytes - (this.#objects.get(key)?.sizeBytes ?? 0) + this.#uploadBytes;
  }

  /** An upload has taken so many bytes more; negative when it has ended. */
  upload(bytes: number): void {
    this.#uploadBytes += bytes;
  }

  #letExpiredGo(): void {
    const now = this.#now();
    if (now < this.#expiresNextAt) return;
    this.#expiresNextAt = Number.POSITIVE_INFINITY;
    for (const [key, { sizeBytes, expiresAt = Number.POSITIVE_INFINITY }] of this.#objects) {
      if (expiresAt > now) {
        this.#expiresNextAt = Math.min(this.#expiresNextAt, expiresAt);
      } else {
        this.#objects.delete(key);
        this.#objectBytes -= sizeBytes;
      }
    }
  }
}
