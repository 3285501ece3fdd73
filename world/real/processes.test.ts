import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChildProcess } from '../processes.ts';
import { realProcesses } from './processes.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Started {
  readonly child: ChildProcess;
  /** Output so far, both streams. */
  readonly output: () => string;
  /** Resolves when the output contains the text. */
  said(text: string): Promise<void>;
}

function start(command: readonly string[], folder?: string): Started {
  let output = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  const child = realProcesses.start(command, {
    environment: { PATH: '/usr/bin:/bin', GREETING: 'hello' },
    ...(folder === undefined ? {} : { folder }),
    onOutput: (bytes) => {
      output += bytes;
      for (const { text, resolve } of waiting) if (output.includes(text)) resolve();
    },
  });
  children.push(child);
  return {
    child,
    output: () => output,
    said: (text) => new Promise((resolve) => waiting.push({ text, resolve })),
  };
}

const node = (code: string) => start([process.execPath, '-e', code]);

/** Ends as soon as the machine has no process of that number any more. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a real child process', () => {
  test('tells its exit code once all of its output is delivered', async () => {
    const { child, output } = node(
      `process.stdout.write('x'.repeat(200_000)); process.stdout.end('end'); process.exitCode = 3`,
    );
    expect(await child.exited).toEqual({ exitCode: 3 });
    expect(output().length).toBe(200_003);
    expect(output().endsWith('end')).toBe(true);
  });

  test('keeps the order of what it writes to one stream', async () => {
    const { child, output } = node(`for (let i = 0; i < 5000; i++) require('fs').writeSync(1, i + '\\n')`);
    await child.exited;
    expect(output()).toBe(Array.from({ length: 5000 }, (_, index) => `${index}\n`).join(''));
  });

  test('has the environment it was given and nothing else', async () => {
    const { child, output } = node('process.stdout.write(JSON.stringify(process.env))');
    await child.exited;
    expect(JSON.parse(output())).toEqual({ PATH: '/usr/bin:/bin', GREETING: 'hello' });
  });

  test('waits while its output is being taken', async () => {
    let isTaking = false;
    let overlaps = 0;
    let total = 0;
    const child = realProcesses.start([process.execPath, '-e', `process.stdout.write('x'.repeat(1_000_000))`], {
      environment: {},
      onOutput: async (bytes) => {
        if (isTaking) overlaps++;
        isTaking = true;
        await new Promise((resolve) => setImmediate(resolve));
        total += bytes.length;
        isTaking = false;
      },
    });
    children.push(child);
    expect(await child.exited).toEqual({ exitCode: 0 });
    expect(total).toBe(1_000_000);
    expect(overlaps).toBe(0);
  });
});

describe('a signal', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGKILL', 137],
    ['SIGINT', 130],
  ] as const)('%s ends a program with %d', async (signal, exitCode) => {
    const { child, said } = node(`console.log('ready'); setInterval(() => {}, 1000)`);
    await said('ready');
    child.kill(signal);
    expect(await child.exited).toEqual({ exitCode, signal });
  });

  test('reaches what the program started itself', async () => {
    const started = node(`
      const { spawn } = require('child_process');
      const grandchild = spawn(process.execPath, ['-e', "console.log('pid ' + process.pid + '.'); setInterval(() => {}, 1000)"], { stdio: 'inherit' });
      setInterval(() => {}, 1000);`);
    await started.said('.');
    const pid = Number(/pid (\d+)\./.exec(started.output())?.[1]);
    started.child.kill('SIGTERM');
    await started.child.exited;
    await gone(pid);
  });

  test('that the program handles lets it choose its exit code', async () => {
    const { child, said } = node(`
      process.on('SIGTERM', () => process.exit(7));
      console.log('ready');
      setInterval(() => {}, 1000);`);
    await said('ready');
    child.kill('SIGTERM');
    expect(await child.exited).toEqual({ exitCode: 7 });
  });

  test('to a program that has ended does nothing', async () => {
    const { child } = node('');
    await child.exited;
    child.kill('SIGKILL');
  });
});

test('what a program leaves behind ends with it, and does not hold it up', async () => {
  const { child, output } = start(['/bin/sh', '-c', 'sleep 1000 & echo "pid $!"; exit 4']);
  expect(await child.exited).toEqual({ exitCode: 4 });
  await gone(Number(output().slice(4)));
});

describe('a program that cannot be started', () => {
  test('is 127 when it is not found', async () => {
    const { child } = start(['/no/such/program']);
    expect(child.pid).toBeUndefined();
    expect(await child.exited).toMatchObject({ exitCode: 127, startError: expect.stringContaining('ENOENT') });
    child.kill('SIGKILL');
  });

  test('is 126 when it cannot be executed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-processes-'));
    try {
      writeFileSync(join(folder, 'data'), 'x', { mode: 0o644 });
      const { child } = start([join(folder, 'data')]);
      expect(await child.exited).toMatchObject({ exitCode: 126, startError: expect.stringContaining('EACCES') });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('says when it is the working folder that is missing', async () => {
    const { child } = start([process.execPath, '-e', ''], '/no/such/folder');
    expect(await child.exited).toEqual({
      exitCode: 126,
      startError: 'the working folder /no/such/folder does not exist',
    });
  });

  test('does not throw for a command that Node.js refuses', async () => {
    expect(await start([]).child.exited).toMatchObject({ exitCode: 126 });
    expect(await start(['/bin/echo', 'a\0b']).child.exited).toMatchObject({ exitCode: 126 });
  });
});
