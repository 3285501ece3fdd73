/**
 * Cleans up when this process can no longer do it: a small shell that holds the other end of a pipe. When the pipe
 * breaks, because the process crashed or was killed, it ends the control plane's programs, the last one started first,
 * and removes their folder.
 */
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** How often it looks, at 0.1 s each, whether a program that was told to end has ended. */
const TURNS = 50;

const script = `
trap '' INT TERM HUP
pids=
while read -r word value; do
  case $word in
    pid) pids="$value $pids" ;;
    gone) rest=; for pid in $pids; do [ "$pid" = "$value" ] || rest="$rest $pid"; done; pids=$rest ;;
    end) exit 0 ;;
  esac
done
for pid in $pids; do
  kill -s TERM -- "-$pid" 2>/dev/null || continue
  turns=0
  while kill -s 0 -- "-$pid" 2>/dev/null && [ $turns -lt ${TURNS} ]; do sleep 0.1; turns=$((turns + 1)); done
  kill -s KILL -- "-$pid" 2>/dev/null
done
rm -rf -- "$1"
`;

export class Reaper {
  readonly #pipe: Writable;

  /** `folder` is removed after a crash. */
  constructor(folder: string) {
    const child = spawn('/bin/sh', ['-c', script, 'orrery-reaper', folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Neither it nor its pipe keeps this process alive; one that cannot be started cleans nothing.
    child.on('error', () => undefined);
    child.unref();
    this.#pipe = child.stdin;
    this.#pipe.on('error', () => undefined);
    if ('unref' in child.stdin) (child.stdin as unknown as { unref(): void }).unref();
  }

  /** A program, leader of a process group of its own, that must not outlive this process. */
  watch(pid: number): void {
    this.#pipe.write(`pid ${pid}\n`);
  }

  /** It has ended: its number may be another's by now. */
  forget(pid: number): void {
    this.#pipe.write(`gone ${pid}\n`);
  }

  /** All is cleaned up. */
  end(): void {
    this.#pipe.end('end\n');
  }
}
