/** What Fabric is compared with must be the same bytes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineBytes } from '../../fixtures/actor/log-lines.ts';
import { LogVerifier } from '../../fixtures/actor/verify.ts';
import { logBytes, ownUploadMs } from './own-upload.ts';

describe('the bytes of the comparison', () => {
  it('are the actor’s lines, to the byte, the last one cut', () => {
    for (const size of [0, 1, lineBytes - 1, lineBytes, 100_000, 1_000_003]) {
      const bytes = Buffer.concat([...logBytes(size)]);
      expect(bytes.length).toBe(size);
      const verifier = new LogVerifier();
      verifier.push(bytes);
      const cut = size % lineBytes > 0 ? 1 : 0;
      const whole = Math.floor(size / lineBytes);
      expect(verifier.verdict()).toEqual({ lines: whole, gaps: [], damaged: 0, others: cut });
    }
  });

  it('arrive in the folder as they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-own-upload-'));
    try {
      expect(await ownUploadMs(folder, 1_000_003)).toBeGreaterThan(0);
      expect(readFileSync(join(folder, 'own-upload')).equals(Buffer.concat([...logBytes(1_000_003)]))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
