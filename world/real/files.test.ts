import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { filesContract } from '../files.contract.ts';
import { DiskFullError } from '../files.ts';
import { realFiles } from './files.ts';

filesContract('of the machine', async () => {
  const root = await mkdtemp(join(tmpdir(), 'orrery-files-'));
  return { files: realFiles, root, close: () => rm(root, { recursive: true, force: true }) };
});

test('the lock of a process that was killed with SIGKILL is free at once, and one of a living process is not', async () => {
  const root = await mkdtemp(join(tmpdir(), 'orrery-lock-'));
  const path = join(root, 'lock');
  const source = `
    const { realFiles } = await import(${JSON.stringify(fileURLToPath(new URL('./files.ts', import.meta.url)))});
    await realFiles.lock(${JSON.stringify(path)}, 'another program');
    console.log('locked');
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(child.stdout, 'data');
    await expect(realFiles.lock(path, 'me')).rejects.toThrow(`another program, process ${child.pid} on `);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await realFiles.lock(path, 'me')).release();
  } finally {
    child.kill('SIGKILL');
    await rm(root, { recursive: true, force: true });
  }
});

test.skipIf(!existsSync('/dev/full'))('a disk that is full is an error of its own', async () => {
  const appender = await realFiles.append('/dev/full');
  await expect(appender.write(Buffer.from('x'))).rejects.toThrow(DiskFullError);
  await appender.close();
});
