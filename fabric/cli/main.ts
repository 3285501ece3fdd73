/** The `fabric` command on this machine: its terminal, its environment and its files. */

import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { realFiles } from '../../world/real/files.ts';
import { realWorld } from '../../world/real/world.ts';
import { exitCodes } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

enableCompileCache();
process.removeAllListeners('warning');

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => ending.abort(new Error(`ended by ${signal}`)));
}
// Whoever reads no further (`| head`) ends the command, quietly.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.done.code : exitCodes.failed.code);
  });
}

async function write(stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

const surroundings: Surroundings = {
  world: realWorld('fabric'),
  terminal: {
    out: (text) => write(process.stdout, text),
    err: (text) => write(process.stderr, text),
    isTerminal: process.stdout.isTTY === true,
    isErrorTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns,
  },
  packageFiles: realFiles,
  environment: process.env,
  homeFolder: homedir(),
  workingFolder: process.cwd(),
  input: () => process.stdin,
  signal: ending.signal,
};

const { runCommandLine } = await import('./program.ts');
process.exitCode = await runCommandLine(surroundings, process.argv.slice(2));
// Connections that are kept for another request would hold the process.
process.stdout.write('', () => process.exit());
