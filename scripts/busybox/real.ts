/**
 * Runs scripts by the real BusyBox of this machine, each in a folder of its own, with nothing on its PATH but BusyBox.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../../fixtures/busybox/comparison/cases.ts';

const DEADLINE_MS = 10_000;

export interface RealBusyBox {
  readonly version: string;
  run(script: string): Outcome;
  close(): void;
}

/** Throws when there is no `busybox` on the PATH. */
export function realBusyBox(): RealBusyBox {
  const program = execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim();
  const root = mkdtempSync(join(tmpdir(), 'busybox-'));
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const name of execFileSync(program, ['--list'], { encoding: 'utf8' }).trim().split('\n'))
    symlinkSync(program, join(bin, name));
  let count = 0;
  return {
    version: execFileSync(program, ['--help'], { encoding: 'utf8' }).split('\n')[0] ?? '',
    run(script) {
      count += 1;
      const cwd = join(root, `w${count}`);
      mkdirSync(cwd);
      const { stdout, stderr, status, signal } = spawnSync(join(bin, 'sh'), ['-c', script], {
        argv0: 'sh',
        cwd,
        env: { PATH: bin, HOME: '/root' },
        encoding: 'latin1',
        timeout: DEADLINE_MS,
        killSignal: 'SIGKILL',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      rmSync(cwd, { recursive: true, force: true });
      return { out: stdout, error: stderr, code: status ?? 128 + (SIGNALS[signal ?? ''] ?? 0) };
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};
