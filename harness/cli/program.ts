/**
 * The `orrery` command: `run`, `up`, `list`, `perf`, `token`, `credentials`. Each command is a file below `commands/`.
 */
import { Command } from 'commander';
import { version } from '../package.ts';
import { credentialsCommand } from './commands/credentials.ts';
import { listCommand } from './commands/list.ts';
import { perfCommand } from './commands/perf.ts';
import { runCommand } from './commands/run.ts';
import { tokenCommand } from './commands/token.ts';
import { upCommand } from './commands/up.ts';

/** What is printed gets out meanwhile, ms. */
const LINGER_MS = 2_000;

const program = new Command('orrery')
  .description('A local simulator and test harness for Fabric agent scheduling.')
  .version(version)
  .showHelpAfterError('("orrery --help" shows all commands)')
  .addCommand(runCommand())
  .addCommand(upCommand())
  .addCommand(listCommand())
  .addCommand(perfCommand())
  .addCommand(tokenCommand())
  .addCommand(credentialsCommand());

for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
  // Wrong options are the user's fault, as everything else that ends with 2.
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`orrery: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
// All that was started has ended: what holds this process now is of no use to anybody.
setTimeout(() => process.exit(), LINGER_MS).unref();
