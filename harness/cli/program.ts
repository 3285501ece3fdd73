/** The `orrery` command: `run`, `up`, `list`, `perf`. Each command is a file below `commands/`. */
import { Command } from 'commander';
import { version } from '../package.ts';
import { listCommand } from './commands/list.ts';
import { perfCommand } from './commands/perf.ts';
import { runCommand } from './commands/run.ts';
import { upCommand } from './commands/up.ts';

const program = new Command('orrery')
  .description('A local simulator and test harness for Fabric agent scheduling.')
  .version(version)
  .showHelpAfterError('("orrery --help" shows all commands)')
  .addCommand(runCommand())
  .addCommand(upCommand())
  .addCommand(listCommand())
  .addCommand(perfCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`orrery: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
