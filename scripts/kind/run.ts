/**
 * Plays scenarios on a kind cluster: on the one of that name that is up, else on one that is brought up for it and
 * taken down again.
 *
 *   npm run kind:run [-- --name NAME] [--retain] [--host] [what `orrery run` takes: names of scenarios, --html FILE ...]
 *
 * --host  operator, gateway and content run in this process; else each scenario has its own as Deployments of images
 *         that are built of the sources as they are now, but for what only a process can show
 */
import '../../harness/unread-output.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { down, ensure } from './cluster.ts';
import { runArguments } from './run-arguments.ts';
import { renewImages } from './run-images.ts';
import { CHECKOUT } from './site.ts';
import { failureText } from './step.ts';

const print = (line: string) => console.log(line);
const { name, retain, host, rest } = runArguments(process.argv.slice(2));

/** Ctrl-C reaches the command too, which cleans up after itself. */
async function play(): Promise<number> {
  const command = [join(CHECKOUT, 'harness/cli/main.ts'), 'run', '--env', 'kind', '--cluster', name, ...rest];
  const child = spawn(process.execPath, [...command, ...(host ? ['--host'] : [])], { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

try {
  // Scenarios bring a Fabric of their own: one beside them, that nobody would use, is deployed only on a cluster that
  // stays.
  const { cluster, mine } = await ensure({ name, host: !retain, retain }, print);
  try {
    if (!mine && !host) await renewImages(cluster, print);
    process.exitCode = await play();
  } finally {
    if (mine && !retain) await down(name, print);
  }
} catch (error) {
  console.error(failureText(error));
  process.exitCode = 1;
}
