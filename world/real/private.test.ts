/** What services keep is for their user alone, whatever the umask and whatever was there before. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realFiles } from './files.ts';
import { makePrivateFile, makePrivateFolder, narrowFile, writePrivateFile } from './private.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-private-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('a private file', () => {
  it('is nobody else’s, also when it was there with wider rights', () => {
    const path = join(folder, 'ready.json');
    writeFileSync(path, 'old');
    chmodSync(path, 0o666);
    const before = statSync(path).ino;
    writePrivateFile(path, 'token');
    expect([modeOf(path), readFileSync(path, 'utf8')]).toEqual(['600', 'token']);
    // Another file: who had opened the old one reads nothing of the new.
    expect(statSync(path).ino).not.toBe(before);
  });

  it('is not written through a link that somebody put there', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, join(folder, 'ready.json'));
    writePrivateFile(join(folder, 'ready.json'), 'token');
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  it('leaves nothing when it cannot be written', () => {
    mkdirSync(join(folder, 'full'));
    expect(() => writePrivateFile(join(folder, 'none', 'ready.json'), 'token')).toThrow(/ENOENT/);
    expect(() => writePrivateFile(join(folder, 'full'), 'token')).toThrow();
  });

  it('is made, or narrowed as it is', () => {
    const path = join(folder, 'records.sqlite');
    makePrivateFile(path);
    expect(modeOf(path)).toBe('600');
    writeFileSync(path, 'kept');
    chmodSync(path, 0o644);
    makePrivateFile(path);
    expect([modeOf(path), readFileSync(path, 'utf8')]).toEqual(['600', 'kept']);
    chmodSync(path, 0o644);
    narrowFile(path);
    narrowFile(join(folder, 'none'));
    expect(modeOf(path)).toBe('600');
  });
});

it('a private folder is made, or narrowed', () => {
  mkdirSync(join(folder, 'content'), { mode: 0o755 });
  chmodSync(join(folder, 'content'), 0o755);
  for (const name of ['content', 'new/inner']) {
    makePrivateFolder(join(folder, name));
    expect(modeOf(join(folder, name))).toBe('700');
  }
});

it('all that a World’s files make is private', async () => {
  const path = join(folder, 'a/b/c');
  await realFiles.write(path, 'x');
  const appended = join(folder, 'a/log');
  writeFileSync(appended, 'before');
  chmodSync(appended, 0o644);
  const appender = await realFiles.append(appended);
  await appender.write(Buffer.from('x'));
  await appender.close();
  await realFiles.makeFolder(join(folder, 'a/made'));
  expect([path, appended].map(modeOf)).toEqual(['600', '600']);
  expect(['a', 'a/b', 'a/made'].map((name) => modeOf(join(folder, name)))).toEqual(['700', '700', '700']);
});
