/** `fabric configure env`: what a shell, or the field's clients, take instead of a profile. */
import type { Command } from '../../command.ts';
import { printLine } from '../../terminal.ts';
import { lifetimeOption, longToken } from './token.ts';

export const printEnvironment: Command = {
  path: ['configure', 'env'],
  summary: 'Print the variables that take the place of a profile: eval "$(fabric configure env)"',
  options: [lifetimeOption],
  async run(call) {
    const { url, project } = await call.context.gateway();
    const token = await longToken(call);
    const values = { TOKEN: token, URL: url, PROJECT: project };
    for (const prefix of ['FABRIC', 'CORTEX']) {
      for (const [name, value] of Object.entries(values)) {
        await printLine(call.context.terminal, `export ${prefix}_${name}=${quoted(value)}`);
      }
    }
  },
};

/** For a shell: nothing in it means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
