/** `orrery run --seeds 1..500`: the scenarios with each of these seeds, in virtual time. */
import { version } from '../../package.ts';
import { type SeedRange, seedsJson, seedsPassed, seedsText } from '../../reports/seeds.ts';
import { resultLine } from '../../reports/terminal.ts';
import type { CatalogueEntry } from '../../runner/catalogue.ts';
import { runSeeds } from '../../runner/seeds.ts';
import { OutputFile } from '../output-file.ts';

export interface SeedsFlags {
  readonly seeds: SeedRange;
  readonly threads?: number;
  readonly timeout?: number;
  readonly json?: string;
  /** These are for a run of one seed. */
  readonly env: string;
  readonly junit?: string;
  readonly html?: string;
  readonly trace?: string;
}

export class SeedsFlagsError extends Error {
  override readonly name = 'SeedsFlagsError';
  readonly flag: string;

  constructor(flag: string) {
    super(`--seeds plays in the simulation and keeps counts only: leave out ${flag}, or give one --seed`);
    this.flag = flag;
  }
}

/**
 * Exit code 0 when all passed, else 1; rejects with the signal's reason after an abort, when what was played is
 * printed.
 */
export async function playSeeds(
  entries: readonly CatalogueEntry[],
  flags: SeedsFlags,
  color: boolean,
  signal: AbortSignal,
): Promise<number> {
  refuseOtherFlags(flags);
  const { seeds: range, threads, timeout: limitMs, json } = flags;
  const output = json === undefined ? undefined : OutputFile.open('--json', json);
  const count = range.last - range.first + 1;
  const scenarios = entries.filter(({ name }) => !name.startsWith('skills-'));
  process.stdout.write(`orrery ${version}: ${scenarios.length} scenarios, ${count} seeds each\n\n`);
  const every = Math.max(1, Math.ceil(count / 20));
  const report = await runSeeds({
    entries: scenarios,
    range,
    signal,
    ...(threads === undefined ? {} : { threads }),
    ...(limitMs === undefined ? {} : { limits: { limitMs } }),
    onResult(result) {
      const { value } = result.verdict;
      if (value === 'false' || value === 'unknown') {
        process.stdout.write(`${resultLine(result, { color })}\n  replay: ${result.replay}\n`);
      }
    },
    onSeed(seed) {
      if ((seed - range.first + 1) % every === 0) process.stdout.write(`seeds to ${seed} played\n`);
    },
  });
  process.stdout.write(`${seedsText(report, { color })}\n`);
  signal.throwIfAborted();
  if (output) {
    output.write(seedsJson(report));
    process.stdout.write(`written: ${output.path}\n`);
  }
  return seedsPassed(report) ? 0 : 1;
}

function refuseOtherFlags(flags: SeedsFlags): void {
  if (flags.env !== 'sim') throw new SeedsFlagsError('--env');
  for (const name of ['junit', 'html', 'trace'] as const) {
    if (flags[name] !== undefined) throw new SeedsFlagsError(`--${name}`);
  }
}
