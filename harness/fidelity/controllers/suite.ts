/** The same Jobs and CronJobs on the real controllers and on the simulated ones, history by history. */
import { absence } from '../../environments/controlplane/parts.ts';
import type { CaseRecord, Suite, SuiteOptions, SuiteRun } from '../record.ts';
import { type Accepted, accepted, explains } from './accepted.ts';
import type { ControllerCase } from './case.ts';
import { readCatalogue } from './catalogue.ts';
import { compare, type Difference } from './compare.ts';
import type { Played } from './play.ts';
import { startRealCluster } from './real-cluster.ts';
import { playSimulated } from './simulated-cluster.ts';
import { type Story, tell } from './story.ts';

export const controllers: Suite = {
  name: 'controllers',
  missing: (environment) => {
    const missing = absence(environment);
    return missing === undefined ? undefined : `skipped: ${missing}`;
  },
  run,
};

/** What was found about one case. */
export interface Verdict {
  readonly one: ControllerCase;
  readonly reasons: readonly Accepted[];
  readonly unexplained: readonly Difference[];
  readonly real: Story;
  readonly simulated: Story;
}

/** Plays the cases on both, those that differ a second time by themselves: a busy machine is no difference. */
export async function judge(
  cases: readonly ControllerCase[],
  list: readonly Accepted[],
  print: SuiteOptions['print'],
): Promise<Verdict[]> {
  const real = await startRealCluster();
  const verdicts = new Map<ControllerCase, Verdict>();
  const round = async (some: readonly ControllerCase[], suffix: string) => {
    const played = await real.play(some.map((one) => ({ ...one, namespace: one.namespace + suffix })));
    for (const [position, one] of some.entries()) {
      const theirs = played[position];
      if (theirs) verdicts.set(one, await judgeOne(one, theirs, list));
    }
    return some.filter((one) => verdicts.get(one)?.unexplained.length !== 0);
  };
  try {
    print(`controllers: ${cases.length} cases side by side on the real control plane`);
    const differing = await round(cases, '');
    if (differing.length > 0) {
      print(`controllers: ${differing.length} once more: ${differing.map(({ name }) => name).join('; ')}`);
      await round(differing, '-again');
    }
  } finally {
    await real.stop();
  }
  return cases.flatMap((one) => verdicts.get(one) ?? []);
}

async function judgeOne(one: ControllerCase, played: Played, list: readonly Accepted[]): Promise<Verdict> {
  const real = tell(played);
  const simulated = tell(await playSimulated(one, played.startAt));
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
