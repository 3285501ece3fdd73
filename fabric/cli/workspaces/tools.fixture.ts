/** Programs of a user's machine that only note how they were called: docker and kind, without either. For tests. */
import type { ChildProcess, Processes, ProcessOptions } from '../../../world/processes.ts';

export interface Tools {
  readonly processes: Processes;
  /** The command lines, in their order. */
  readonly calls: string[];
}

/** `exits`: how a program whose command line begins so ends; all others say so and end with 0. */
export function recordedTools(exits: Readonly<Record<string, number | 'missing'>> = {}): Tools {
  const calls: string[] = [];
  const start = (command: readonly string[], { onOutput }: ProcessOptions): ChildProcess => {
    const line = command.join(' ');
    calls.push(line);
    const exit = Object.entries(exits).find(([begin]) => line.startsWith(begin))?.[1] ?? 0;
    if (exit === 'missing') {
      const exited = Promise.resolve({
        exitCode: 127,
        startError: `spawn ${command[0]} ENOENT`,
        startErrorCode: 'ENOENT',
      });
      return { pid: undefined, exited, kill: () => undefined };
    }
    void onOutput(Buffer.from(`${command[0]} says so\n`), 'stderr');
    return { pid: 1, exited: Promise.resolve({ exitCode: exit }), kill: () => undefined };
  };
  return { processes: { available: true, start }, calls };
}
