/**
 * Seeded chance: one generator (xoshiro128**) for each stream, its state drawn from SHA-256 of seed and stream name, so
 * that streams are independent of each other and of the order in which they are first asked for.
 */
import { createHash } from 'node:crypto';
import type { Random, RandomStream } from '../random.ts';

export class SeededRandom implements Random {
  readonly #seed: number;
  readonly #prefix: string;
  readonly #streams = new Map<string, SeededStream>();

  /** `prefix` keeps the streams of one process apart from another's. */
  constructor(seed: number, prefix: string) {
    this.#seed = seed;
    this.#prefix = prefix;
  }

  stream(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (!stream) {
      stream = new SeededStream(`${this.#seed}/${this.#prefix}/${name}`);
      this.#streams.set(name, stream);
    }
    return stream;
  }
}

const HEXADECIMAL = '0123456789abcdef';

class SeededStream implements RandomStream {
  readonly #state: Int32Array;

  constructor(key: string) {
    const digest = createHash('sha256').update(key).digest();
    this.#state = Int32Array.from([0, 4, 8, 12], (offset) => digest.readInt32LE(offset));
  }

  next(): number {
    return this.#unsigned32() / 0x1_0000_0000;
  }

  integer(minimum: number, maximum: number): number {
    return minimum + Math.floor(this.next() * (maximum - minimum + 1));
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('pick: the list is empty');
    return items[this.integer(0, items.length - 1)] as T;
  }

  uuid(): string {
    const digits = this.text(30, HEXADECIMAL);
    const variant = this.text(1, '89ab');
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(12, 15)}`,
      `${variant}${digits.slice(15, 18)}`,
      digits.slice(18, 30),
    ].join('-');
  }

  text(length: number, alphabet: string): string {
    let text = '';
    for (let index = 0; index < length; index++) text += alphabet[this.integer(0, alphabet.length - 1)];
    return text;
  }

  /** xoshiro128** 1.1 by Blackman and Vigna (public domain algorithm). */
  #unsigned32(): number {
    const s = this.#state as unknown as [number, number, number, number];
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
