/** What lies in the store tells nothing, and opens only where it belongs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealWith } from './seal.ts';

const place = { project: 'p', key: 'k' };

describe('a sealed value', () => {
  it('opens with its key at its place, and shows nothing of itself', () => {
    const seal = sealWith('a key that is hard to guess');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (!text.isWellFormed()) return;
        const sealed = seal.close(place, text);
        expect(seal.open(place, sealed)).toBe(text);
        if (text.length > 3) expect(Buffer.from(sealed, 'base64').includes(Buffer.from(text))).toBe(false);
      }),
    );
  });

  it('does not open elsewhere, with another key, or when one bit of it is another', () => {
    const seal = sealWith('one key');
    const sealed = seal.close(place, 'text');
    expect(seal.open({ project: 'q', key: 'k' }, sealed)).toBeUndefined();
    expect(seal.open({ project: 'p', key: 'l' }, sealed)).toBeUndefined();
    expect(sealWith('another').open(place, sealed)).toBeUndefined();
    const bytes = Buffer.from(sealed, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(seal.open(place, changed.toString('base64'))).toBeUndefined();
    }
    for (const none of ['', 'x', bytes.subarray(0, 27).toString('base64')]) {
      expect(seal.open(place, none)).toBeUndefined();
    }
  });

  it('never uses a nonce for two values', () => {
    const seal = sealWith('one key');
    const nonces = Array.from({ length: 500 }, (_, index) => seal.close(place, `v${index}`).slice(0, 16));
    expect(new Set(nonces).size).toBe(500);
    expect(seal.close(place, 'v').slice(0, 16)).not.toBe(seal.close({ project: 'q', key: 'k' }, 'v').slice(0, 16));
  });
});
