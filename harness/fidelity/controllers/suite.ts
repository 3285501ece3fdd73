/** The same Jobs and CronJobs on the real controllers and on the simulated ones, history by history. */
import { realClock } from '../../../world/real/clock.ts';
import { absence } from '../../environments/controlplane/parts.ts';
import type { CaseRecord, Suite, SuiteOptions, SuiteRun } from '../record.ts';
import { judgeInRounds } from '../rounds.ts';
import { type Accepted, accepted, explains } from './accepted.ts';
import type { ControllerCase } from './case.ts';
import { readCatalogue } from './catalogue.ts';
import { compare, type Difference } from './compare.ts';
import type { Timeline } from './moment.ts';
import type { Played } from './play.ts';
import { startRealCluster } from './real-cluster.ts';
import { Simulations } from './simulations.ts';
import { tell } from './timeline.ts';

export const controllers: Suite = {
  name: 'controllers',
  missing: (environment) => {
    const missing = absence(environment);
    return missing === undefined ? undefined : `skipped: ${missing}`;
  },
  run,
};

/** How often a case is played that differs each time. */
const MOST_ROUNDS = 5;
/** No case is begun once more after this, ms. */
const REPEATED_UNTIL_MS = 720_000;
/** All cases at once load a machine of two cores well; those that differed come with more room between them. */
const STARTS_APART_MS = 500;
const REPEATED_APART_MS = 1_500;

/** What was found about one case. */
export interface Verdict {
  readonly one: ControllerCase;
  readonly reasons: readonly Accepted[];
  readonly unexplained: readonly Difference[];
  readonly real: Timeline;
  readonly simulated: Timeline;
}

/** Plays the cases on both; those that differ again by themselves, each repetition printed with what differed. */
export async function judge(
  cases: readonly ControllerCase[],
  list: readonly Accepted[],
  print: SuiteOptions['print'],
): Promise<Verdict[]> {
  const beganAt = realClock.now();
  const real = await startRealCluster();
  const simulations = new Simulations();
  const play = (some: readonly ControllerCase[], round: number) => {
    const starts = real.plan(some, round === 1 ? STARTS_APART_MS : REPEATED_APART_MS);
    const judged = some.map(async (one, position) => {
      const startAt = starts[position] ?? 0;
      const played = real.play(one, startAt);
      return verdictOn(one, await Promise.all([played, simulations.play(one, startAt)]), list);
    });
    return Promise.all(judged);
  };
  try {
    print(`controllers: ${cases.length} cases side by side on the real control plane`);
    return await judgeInRounds(cases, {
      play,
      differs: ({ unexplained }) => unexplained.length > 0,
      again: (verdict) => print(`controllers: once more, since it differed: ${describe(verdict)}`),
      most: MOST_ROUNDS,
      hasTime: () => realClock.now() - beganAt <= REPEATED_UNTIL_MS,
    });
  } finally {
    await Promise.all([real.stop(), simulations.stop()]);
  }
}

function verdictOn(one: ControllerCase, played: readonly [Played, Played], list: readonly Accepted[]): Verdict {
  const [real, simulated] = [tell(played[0]), tell(played[1])];
  const title = `${one.topic}: ${one.name}`;
  const reasonOf = (difference: Difference) => list.find((each) => explains(each, title, difference));
  const differences = compare(real, simulated, one.lastsMs);
  const reasons = differences.map(reasonOf).filter((each) => each !== undefined);
  return {
    one,
    real,
    simulated,
    reasons: [...new Set(reasons)],
    unexplained: differences.filter((difference) => reasonOf(difference) === undefined),
  };
}

async function run({ only, print }: SuiteOptions): Promise<SuiteRun> {
  const text = only?.toLowerCase();
  const cases = readCatalogue().filter(({ topic, name }) => !text || `${topic}: ${name}`.toLowerCase().includes(text));
  const verdicts = await judge(cases, accepted, print);
  const used = new Set(verdicts.flatMap(({ reasons }) => reasons));
  return {
    record: { suite: 'controllers', cases: verdicts.map(recordOf) },
    different: verdicts.filter(({ unexplained }) => unexplained.length > 0).map(describe),
    unused: only ? [] : accepted.filter((each) => !used.has(each)).map(({ why }) => why),
  };
}

function recordOf({ one, reasons, unexplained }: Verdict): CaseRecord {
  const outcome = unexplained.length > 0 ? 'different' : reasons.length > 0 ? 'accepted' : 'equal';
  const subjects = [one.about, ...one.rules.map((rule) => `semantics ${rule}`)];
  return { topic: one.topic, name: one.name, outcome, subjects, why: reasons.map(({ why }) => why) };
}

function describe({ one, unexplained }: Verdict): string {
  const lines = unexplained.map(({ line, kind, text }) => `  ${line}\n    ${kind}: ${text}`);
  return [`${one.topic}: ${one.name}`, ...lines].join('\n');
}
