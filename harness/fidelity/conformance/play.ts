/**
 * Plays conformance tests against one cluster, several at once: those that need it for themselves alone come last, one
 * after the other.
 */
import { fileURLToPath } from 'node:url';
import { type PlayedTest, playTest } from './program.ts';

/** A test that takes longer has failed; `[Slow]` ones wait for five minutes to pass, or for a compaction. */
const DEADLINE_MS = 240_000;
const SLOW_DEADLINE_MS = 900_000;
/** Most tests wait most of the time. */
const LANES = 4;

/** Where each test's output is kept. */
export const logFolder = fileURLToPath(new URL('../../../reports/conformance', import.meta.url));

export interface PlayAllOptions {
  readonly program: string;
  readonly kubeconfig: string;
  /** How many at once; default 4. */
  readonly lanes?: number;
  /** For each test that is not marked [Slow]; default 4 minutes. */
  readonly deadlineMs?: number;
  /** Told what happens, a line each. */
  readonly print: (line: string) => void;
}

/** In the order of the names. */
export async function playAll(names: readonly string[], options: PlayAllOptions): Promise<PlayedTest[]> {
  const played = new Map<string, PlayedTest>();
  const isSerial = (name: string) => name.includes('[Serial]');
  // The slow ones begin first, so that they do not keep everybody waiting in the end.
  const together = names
    .filter((name) => !isSerial(name))
    .sort((one, other) => Number(takesMinutes(other)) - Number(takesMinutes(one)));
  const play = async (name: string) => {
    const test = await playTest({
      ...options,
      name,
      deadlineMs: isMarkedSlow(name) ? SLOW_DEADLINE_MS : (options.deadlineMs ?? DEADLINE_MS),
      log: logOf(name),
    });
    options.print(line(test));
    played.set(name, test);
  };
  await inLanes(together, options.lanes ?? LANES, play);
  await inLanes(names.filter(isSerial), 1, play);
  return names.flatMap((name) => played.get(name) ?? []);
}

/** `reports/conformance/sig-apps-job-should-delete-a-job-conformance.log`. */
export function logOf(name: string): string {
  const file = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${logFolder}/${file.replaceAll(/^-|-$/g, '')}.log`;
}

function line({ name, passed, durationMs }: PlayedTest): string {
  return `${passed ? 'passed' : 'FAILED'} ${(durationMs / 1000).toFixed(1).padStart(6)} s  ${name}`;
}

function isMarkedSlow(name: string): boolean {
  return name.includes('[Slow]');
}

/** These wait for minutes to begin, too. */
function takesMinutes(name: string): boolean {
  return isMarkedSlow(name) || /should schedule multiple jobs|should replace jobs/.test(name);
}

async function inLanes(names: readonly string[], lanes: number, play: (name: string) => Promise<void>): Promise<void> {
  const waiting = [...names];
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await play(name);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
