import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';

test('does every step in reverse, past one that fails and one that never ends, and once', async () => {
  const done: string[] = [];
  const failed: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'orrery-clean-up-'));
  const cleanUp = new CleanUp((what) => failed.push(what), 50);
  cleanUp.addFolder(folder);
  cleanUp.add('first', () => void done.push('first'));
  cleanUp.add('hang', () => new Promise(() => undefined));
  cleanUp.add('fail', () => {
    throw new Error('broken');
  });
  cleanUp.add('last', async () => void done.push('last'));
  await Promise.all([cleanUp.run(), cleanUp.run()]);
  expect(done).toEqual(['last', 'first']);
  expect(failed).toEqual(['fail', 'hang']);
  expect(existsSync(folder)).toBe(false);
});
