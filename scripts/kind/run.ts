/**
 * Plays scenarios on a kind cluster: on the one of that name that is up, else on one that is brought up for it and taken down again.
 *
 *   npm run kind:run [-- --name NAME] [--retain] [what `orrery run` takes: names of scenarios, --html FILE ...]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { down, ensure } from './cluster.ts';
import { runArguments } from './run-arguments.ts';
import { CHECKOUT } from './site.ts';
import { failureText } from './step.ts';

const print = (line: string) => console.log(line);
const { name, retain, rest } = runArguments(process.argv.slice(2));

/** Ctrl-C reaches the command too, which cleans up after itself. */
async function play(): Promise<number> {
  const command = [join(CHECKOUT, 'harness/cli/main.ts'), 'run', '--env', 'kind', '--cluster', name, ...rest];
  const child = spawn(process.execPath, command, { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

try {
  const { mine } = await ensure({ name, host: false, retain }, print);
  try {
    process.exitCode = await play();
  } finally {
    if (mine && !retain) await down(name, print);
  }
} catch (error) {
  console.error(failureText(error));
  process.exitCode = 1;
}
