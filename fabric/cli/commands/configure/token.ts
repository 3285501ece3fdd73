/** `fabric configure token`: a bearer token, for curl and its like. */
import type { Command, CommandCall, OptionDefinition } from '../../command.ts';
import { CommandError, usageError } from '../../errors.ts';
import { printLine } from '../../terminal.ts';

export const lifetimeOption: OptionDefinition = {
  flags: '--ttl <duration>',
  description: 'how long it is valid: 30s, 10m, 24h, 1d, 2w (1d unless given)',
};

export const printToken: Command = {
  path: ['configure', 'token'],
  summary: 'Print a bearer token of the profile',
  options: [lifetimeOption],
  async run(call) {
    await printLine(call.context.terminal, await longToken(call));
  },
};

/** CommandError where the gateway is asked without one. */
export async function longToken(call: CommandCall): Promise<string> {
  const gateway = await call.context.gateway();
  const token = await gateway.token(lifetimeMs(call.text('ttl') ?? '1d'));
  if (token !== undefined) return token;
  throw new CommandError(
    'identity',
    'no token is configured: make a profile with "fabric configure --file token.json"',
  );
}

const unitsMs: Readonly<Record<string, number>> = {
  ...{ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 },
  ...{ w: 7 * 86_400_000, M: 30 * 86_400_000, y: 365 * 86_400_000 },
};

/** As the field's command line has it: a number and one unit. */
function lifetimeMs(text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})(ms|s|m|h|d|w|M|y)$/.exec(text) ?? [];
  const ms = Number(count) * (unitsMs[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw usageError(`--ttl must be a number and a unit (ms, s, m, h, d, w, M, y), as 10m, not ${JSON.stringify(text)}`);
}
