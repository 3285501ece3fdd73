/** The same request sequences on kube-apiserver and on the simulated API server, answer by answer. */
import type { CaseRecord, Suite, SuiteOptions, SuiteRun } from '../record.ts';
import { type Accepted, accepted } from './accepted.ts';
import { readCatalogue } from './catalogue.ts';
import { describeDifference } from './compare.ts';
import { judge, type Verdict } from './judge.ts';
import { findPrograms, startRealServer } from './real-server.ts';
import { startSimulatedServer } from './simulated-server.ts';
import { subjectsOf } from './subjects.ts';

/** Differences of one case that are shown before "and N more". */
const SHOWN = 12;

export const exchanges: Suite = {
  name: 'exchanges',
  missing: (environment) => {
    const programs = findPrograms(environment);
    return typeof programs === 'string' ? programs : undefined;
  },
  run,
};

async function run({ only, print }: SuiteOptions): Promise<SuiteRun> {
  const programs = findPrograms(process.env);
  if (typeof programs === 'string') throw new Error(programs);
  const all = readCatalogue();
  const text = only?.toLowerCase();
  const cases = all.cases.filter(({ topic, name }) => !text || `${topic}: ${name}`.toLowerCase().includes(text));
  const [real, simulated] = await Promise.all([startRealServer(programs), startSimulatedServer()]);
  try {
    const again = (verdict: Verdict) => print(`exchanges: once more, since it differed: ${describe(verdict)}`);
    const verdicts = await judge({ ...all, cases }, { real, simulated }, { accepted, again });
    return {
      record: {
        suite: 'exchanges',
        cases: verdicts.map((verdict, index) => recordOf(verdict, subjectsOf(cases[index]))),
      },
      different: verdicts.filter(({ outcome }) => outcome === 'different').map(describe),
      unused: only ? [] : unusedOf(verdicts, accepted).map(({ why }) => why),
    };
  } finally {
    await Promise.all([real.stop(), simulated.stop()]);
  }
}

function recordOf({ topic, name, outcome, reasons }: Verdict, subjects: readonly string[]): CaseRecord {
  return { topic, name, outcome, subjects, why: reasons.map(({ why }) => why) };
}

/** Entries of the list that explained nothing. */
export function unusedOf(verdicts: readonly Verdict[], list: readonly Accepted[]): Accepted[] {
  const used = new Set(verdicts.flatMap(({ reasons }) => reasons));
  return list.filter((each) => !used.has(each));
}

function describe(verdict: Verdict): string {
  const shown = verdict.unexplained.slice(0, SHOWN).map(describeDifference);
  const rest = verdict.unexplained.length - shown.length;
  return [
    `${verdict.topic}: ${verdict.name}`,
    ...(verdict.broken === undefined ? [] : [`  could not be played\n    ${verdict.broken}`]),
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ].join('\n');
}
