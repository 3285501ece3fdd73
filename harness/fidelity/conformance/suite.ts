/**
 * Kubernetes' own conformance tests of Job, CronJob and API machinery, played by its own program against `orrery up`.
 */
import { findProgram } from '../../environments/controlplane/parts.ts';
import { RunningUp } from '../../up/running-up.fixture.ts';
import type { CaseRecord, Suite, SuiteOptions, SuiteRun } from '../record.ts';
import { areaOf } from './areas.ts';
import { reasonNotToPlay } from './not-applicable.ts';
import { logOf, type PlayAllOptions, playAll } from './play.ts';
import { endTests, listTests, type PlayedTest } from './program.ts';

/** Lines of a failure that are shown. */
const SHOWN_LINES = 12;

export const conformance: Suite = { name: 'conformance', missing: missingFor, run };

/** The line that says that `e2e.test` is not there. */
export function missingFor(environment: NodeJS.ProcessEnv): string | undefined {
  if (findProgram('e2e.test', environment)) return undefined;
  return 'skipped: no e2e.test in $ORRERY_PARTS/bin or on the PATH, so Kubernetes’ own tests cannot judge';
}

async function run({ only, print }: SuiteOptions): Promise<SuiteRun> {
  const program = programOf(process.env);
  const text = only?.toLowerCase();
  const names = (await listTests(program)).filter(
    (name) => !text || `${areaOf(name).topic}: ${name}`.toLowerCase().includes(text),
  );
  const played = await playAgainstUp(
    names.filter((name) => reasonNotToPlay(areaOf(name).topic) === undefined),
    { program, print },
  );
  const outcomes = new Map(played.map((test) => [test.name, test]));
  return {
    record: { suite: 'conformance', cases: names.map((name) => recordOf(name, outcomes.get(name))).sort(byTopic) },
    different: played.filter(({ passed }) => !passed).map(describe),
    unused: [],
  };
}

/** Plays these tests against an `orrery up` of their own. */
export async function playAgainstUp(
  names: readonly string[],
  options: Omit<PlayAllOptions, 'kubeconfig'>,
): Promise<PlayedTest[]> {
  if (names.length === 0) return [];
  const up = await RunningUp.start();
  // Whoever has enough leaves nothing behind either.
  const stop = () => {
    endTests();
    void up.stop().finally(() => process.exit(1));
  };
  for (const signal of signals) process.once(signal, stop);
  try {
    return await playAll(names, { ...options, kubeconfig: up.endpoints.kubernetes.kubeconfig });
  } finally {
    for (const signal of signals) process.off(signal, stop);
    await up.stop();
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The path of `e2e.test`; throws when it is missing. */
export function programOf(environment: NodeJS.ProcessEnv): string {
  const program = findProgram('e2e.test', environment);
  if (program === undefined) throw new Error(missingFor(environment));
  return program;
}

/** One that was not played is not applicable. */
export function recordOf(name: string, played: PlayedTest | undefined): CaseRecord {
  const { topic, subjects } = areaOf(name);
  if (played) return { topic, name, outcome: played.passed ? 'equal' : 'different', subjects, why: [] };
  return { topic, name, outcome: 'not applicable', subjects, why: [reasonNotToPlay(topic) ?? 'was not played'] };
}

/** A failed test for people: the first lines of what it said, and where the rest is. */
export function describe({ name, failure = '' }: PlayedTest): string {
  const lines = failure.split('\n').slice(0, SHOWN_LINES);
  return [name, ...lines.map((line) => `  ${line}`), `  all of it: ${logOf(name)}`].join('\n');
}

function byTopic(one: CaseRecord, other: CaseRecord): number {
  return order(one).localeCompare(order(other), 'en') || one.name.localeCompare(other.name, 'en');
}

/** Jobs first: they are what this simulator is for. */
function order({ topic }: CaseRecord): string {
  return `${['Job', 'CronJob'].includes(topic) ? 0 : 1} ${topic}`;
}
