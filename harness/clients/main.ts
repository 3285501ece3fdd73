/**
 * Plays what the field's clients send against a gateway that is up, and tells of each command how it ends.
 *
 *     node harness/clients/main.ts --token-file FILE [--project proj1] [--client cli|sdk]
 *
 * The file is that of `orrery up`, or of whoever runs the gateway; it holds the gateway's address. The story saves,
 * invokes, schedules and deletes: give it a project of its own. Exit code 1 when something is not as clients need it.
 */
import { Option, Command as Program } from 'commander';
import { readTokenFile } from '../cli/commands/token.ts';
import { play, type Verdict } from './play.ts';
import { type ClientName, clients } from './recording.ts';
import { overSockets } from './sockets.ts';

interface Flags {
  readonly tokenFile: string;
  readonly project: string;
  readonly client?: ClientName;
}

const {
  tokenFile: file,
  project,
  client,
} = new Program('clients')
  .description('play what the field’s clients send against a gateway')
  .requiredOption('--token-file <file>', 'a personal access token file')
  .option('--project <name>', 'a project to work in', 'proj1')
  .addOption(new Option('--client <name>', 'one of them; both unless given').choices(clients))
  .parse()
  .opts<Flags>();

const tokenFile = readTokenFile(file);
const surroundings = overSockets(tokenFile.url);
let wrong = 0;
for (const each of client === undefined ? clients : [client]) {
  process.stdout.write(`${each}\n`);
  const verdicts = await play({ client: each, surroundings, tokenFile, project, told: tell });
  wrong += verdicts.filter(({ faults }) => faults.length > 0).length;
}
process.stdout.write(wrong === 0 ? 'all as the clients need it\n' : `${wrong} not as the clients need it\n`);
process.exitCode = wrong === 0 ? 0 : 1;

function tell({ run, exit, printed, faults }: Verdict): void {
  const text = printed.replace(/\s+/g, ' ').slice(0, 100);
  process.stdout.write(`${faults.length === 0 ? 'ok   ' : 'WRONG'} exit ${exit}  ${run}\n               ${text}\n`);
  for (const fault of faults) process.stdout.write(`      ! ${fault}\n`);
}
