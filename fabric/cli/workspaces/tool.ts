/** Programs that a command line needs besides the gateway: `docker`, `kind`. */
import { CommandError } from '../errors.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * Runs it and passes on what it says, to standard error. CommandError when it cannot be started, or ends with another
 * code than 0.
 */
export async function runTool(surroundings: Surroundings, command: readonly string[]): Promise<void> {
  const { world, terminal, environment, signal, workingFolder } = surroundings;
  signal.throwIfAborted();
  const inherited = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const child = world.processes.start(command, {
    folder: workingFolder,
    environment: Object.fromEntries(inherited),
    onOutput: (bytes) => terminal.err(bytes.toString('utf8')),
  });
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  try {
    const { exitCode, startError } = await child.exited;
    signal.throwIfAborted();
    if (exitCode !== 0) throw failureOf(command, exitCode, startError);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function failureOf(command: readonly string[], exitCode: number, startError: string | undefined): CommandError {
  const [program = ''] = command;
  if (startError === undefined) return new CommandError('failed', `${command.join(' ')} ended with ${exitCode}`);
  return new CommandError('failed', `${program} cannot be started (${startError}): install it, and try again`);
}
