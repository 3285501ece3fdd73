/** `fabric completion`: a script that teaches a shell the words of this command line. */
import type { Command, OptionDefinition } from '../command.ts';
import { usageError } from '../errors.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { nodesOf } from './tree.ts';
import { zshScript } from './zsh.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** `others`: all commands but this one. */
export function completionCommand(
  others: readonly Command[],
  areas: Readonly<Record<string, string>>,
  common: readonly OptionDefinition[],
): Command {
  const command: Command = {
    path: ['completion'],
    summary: 'Print a completion script: source <(fabric completion bash)',
    parameters: [{ name: 'shell', description: `the shell: ${Object.keys(scripts).join(', ')}` }],
    async run(call) {
      const shell = call.parameter(0);
      const script = Object.hasOwn(scripts, shell) ? scripts[shell as keyof typeof scripts] : undefined;
      if (!script)
        throw usageError(
          `there is completion for ${Object.keys(scripts).join(', ')}, not for ${JSON.stringify(shell)}`,
        );
      await call.context.terminal.out(script(nodesOf([...others, command], areas, common)));
    },
  };
  return command;
}
