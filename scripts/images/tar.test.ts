import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { foldersOf, libraryPaths } from './base.ts';
import { type TarEntry, TarPathError, tar } from './tar.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-tar-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function bytesOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test.each([0, 1, 511, 512, 513, 100_000])('tar unpacks a file of %d bytes as it was', async (bytes) => {
  const text = Buffer.alloc(bytes, 'orrery ');
  writeFileSync(join(folder, 'source'), text);
  const entries: TarEntry[] = [
    { kind: 'folder', path: 'app', mode: 0o755 },
    { kind: 'file', path: 'app/memory', mode: 0o640, source: text },
    { kind: 'file', path: 'app/disk', mode: 0o755, source: { file: join(folder, 'source'), bytes } },
  ];
  writeFileSync(join(folder, 'archive.tar'), await bytesOf(entries));
  const done = spawnSync('tar', ['-xpf', 'archive.tar'], { cwd: folder, encoding: 'utf8' });
  expect(done.stderr).toBe('');
  expect(readFileSync(join(folder, 'app/memory')).equals(text)).toBe(true);
  expect(readFileSync(join(folder, 'app/disk')).equals(text)).toBe(true);
  expect(statSync(join(folder, 'app/disk')).mode & 0o777).toBe(0o755);
  expect(statSync(join(folder, 'app/memory')).mode & 0o777).toBe(0o640);
});

test('the same entries give the same bytes', async () => {
  const entries: TarEntry[] = [{ kind: 'file', path: 'a', mode: 0o644, source: Buffer.from('a') }];
  expect((await bytesOf(entries)).equals(await bytesOf(entries))).toBe(true);
});

test('a path that does not fit is refused, not cut', async () => {
  const entry: TarEntry = { kind: 'folder', path: 'x'.repeat(100), mode: 0o755 };
  await expect(bytesOf([entry])).rejects.toThrow(TarPathError);
});

test('folders come before what is in them', () => {
  const paths = foldersOf([{ path: 'a/b/c' }, { path: 'a/d' }, { path: 'e' }]).map(({ path }) => path);
  expect(paths).toEqual(['a', 'a/b']);
});

test('libraries and the loader are read from what ldd says', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007ffc)',
    '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f01)',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f02)',
  ].join('\n');
  expect(libraryPaths(output)).toEqual(['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
});
