/** The command line as a whole: a commander program of the command tree, and what its end is for whoever started it. */
import { Argument, Command as Commander, CommanderError, Option, type OutputConfiguration } from 'commander';
import { version } from '../gateway/version.ts';
import { type Command, CommandCall, type OptionDefinition, type Parameter } from './command.ts';
import { commands } from './commands/all.ts';
import { areas } from './commands/areas.ts';
import { completionCommand } from './completion/command.ts';
import { Context } from './context.ts';
import { CommandError, errorText } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

/** Stand before or behind any command. */
export const commonOptions: readonly OptionDefinition[] = [
  { flags: '--profile <name>', description: 'profile to use instead of the current one' },
  { flags: '--project <name>', description: 'project to use instead of the configured one' },
  { flags: '--color <when>', description: 'whether to colour what is printed', choices: ['on', 'off'] },
];

/** The whole command tree. */
export const allCommands: readonly Command[] = [...commands, completionCommand(commands, areas, commonOptions)];

/** Runs a command line (without the program's own name); resolves with the exit code. Never rejects. */
export async function runCommandLine(surroundings: Surroundings, words: readonly string[]): Promise<number> {
  const { terminal } = surroundings;
  const written: Promise<void>[] = [];
  const program = programOf((command, call) => command.run(call), surroundings);
  configure(program, {
    writeOut: (text) => written.push(terminal.out(text)),
    writeErr: (text) => written.push(terminal.err(text)),
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCodes.done.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done.code : exitCodes.usage.code;
    if (surroundings.signal.aborted) return exitCodes.failed.code;
    written.push(terminal.err(errorText(error)));
    return error instanceof CommandError ? error.exitCode : exitCodes.failed.code;
  } finally {
    await Promise.all(written);
  }
}

/** The commander program, for whoever runs it and for whoever only reads it (completion, docs). */
export function programOf(
  run: (command: Command, call: CommandCall) => Promise<void>,
  surroundings: Surroundings,
): Commander {
  const program = new Commander('fabric').description('The command line of the Fabric gateway.').version(version);
  withOptions(program, commonOptions);
  for (const command of allCommands) {
    const leaf = command.path.reduce(childOf, program).description(command.summary);
    if (command.alias !== undefined) leaf.alias(command.alias);
    for (const parameter of command.parameters ?? []) leaf.addArgument(argumentOf(parameter));
    withOptions(leaf, [...(command.options ?? []), ...commonOptions]);
    leaf.action(async (...given: unknown[]) => {
      const own = given.at(-1) as Commander;
      // A common flag may stand before the command: there it is the program's, and weaker than the command's own.
      const flags = { ...program.opts(), ...own.opts() };
      const context = new Context(surroundings, flags);
      await run(command, new CommandCall(context, own.processedArgs as (string | string[] | undefined)[], flags));
    });
  }
  return program;
}

/** An area may be a command itself: `fabric configure`, beside `fabric configure list`. */
function childOf(parent: Commander, word: string): Commander {
  const found = parent.commands.find((each) => each.name() === word);
  if (found) return found;
  const child = new Commander(word).description(areas[word] ?? word);
  parent.addCommand(child);
  return child;
}

function argumentOf({ name, description, isVariadic, isOptional }: Parameter): Argument {
  const word = `${name}${isVariadic ? '...' : ''}`;
  return new Argument(isOptional ? `[${word}]` : `<${word}>`, description);
}

function withOptions(command: Commander, options: readonly OptionDefinition[]): void {
  for (const { flags, description, choices, isRepeated } of options) {
    const option = new Option(flags, description);
    if (choices) option.choices([...choices]);
    if (isRepeated) option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]);
    command.addOption(option);
  }
}

/** Of the whole tree: nothing ends the process, and all is written where the surroundings say. */
function configure(command: Commander, output: OutputConfiguration): void {
  command.exitOverride().configureOutput(output).showHelpAfterError('(add --help for what can be said here)');
  for (const child of command.commands) configure(child, output);
}
