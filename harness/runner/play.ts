/** Plays one scenario in one environment and says what came of it. Never throws for what the scenario does. */

import { SeededRandom } from '../../world/simulated/seeded-random.ts';
import type { TraceSink } from '../../world/simulated/trace.ts';
import type { FabricSettings } from '../environments/environment.ts';
import type { EnvironmentProvider, PlayedEnvironment } from '../environments/provider.ts';
import { judgementOf } from '../explain/judgement.ts';
import { judgeAnswers, judgeDeletes, turnOf } from '../invariants/gateway/ask.ts';
import { plannedStarts } from '../invariants/planned-starts.ts';
import { standingJudgements } from '../invariants/standing.ts';
import { judged, unknown, type Verdict, worst } from '../invariants/verdict.ts';
import type { JobHistory, Recording } from '../recording/recording.ts';
import type { Judgement, PlannedStart, ScenarioResult } from '../reports/model.ts';
import { Given, scenarioProject } from '../scenario/given.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { raisedAt } from '../scenario/source-position.ts';
import { StepLog } from '../scenario/step-log.ts';
import { Then } from '../scenario/then.ts';
import { When } from '../scenario/when.ts';
import { blankResult } from './blank-result.ts';
import { type CatalogueEntry, load } from './catalogue.ts';
import { ScenarioFileError } from './scenario-file.ts';
import { thrownWords } from './thrown.ts';

export interface PlayOptions {
  readonly entry: CatalogueEntry;
  readonly scenario: Scenario;
  readonly kind: EnvironmentProvider;
  readonly seed: number;
  /** Receives each event of the trace. */
  readonly sink?: TraceSink;
  /** Told of each step as it begins. */
  readonly onStep?: (text: string) => void;
  /** Real time, ms, for the report only. */
  readonly wallNow: () => number;
}

/** Loads the entry's scenario and plays it; a file that gives none is unknown. */
export async function playEntry(
  options: Omit<PlayOptions, 'scenario'> & { readonly signal?: AbortSignal },
): Promise<ScenarioResult> {
  const { entry, kind, seed, wallNow } = options;
  const begun = wallNow();
  try {
    const scenario = await load(entry);
    // Nothing is brought up after the end.
    options.signal?.throwIfAborted();
    return await play({ ...options, scenario });
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    const blank = blankResult({ entry, environment: kind.name, seed });
    return { ...blank, verdict: unknown(error.message), realMs: wallNow() - begun };
  }
}

export async function play(options: PlayOptions): Promise<ScenarioResult> {
  const { entry, scenario, kind, seed, wallNow } = options;
  const asked = { entry, environment: kind.name, seed, title: scenario.title };
  const begun = wallNow();
  const missing = scenario.needs.filter((need) => !kind.abilities.has(need));
  if (missing.length > 0) {
    const because = `${kind.name} has no ${missing.join(', ')}`;
    return { ...blankResult(asked), verdict: { value: 'not here', because }, realMs: wallNow() - begun };
  }
  const absence = kind.absence?.();
  if (absence !== undefined) {
    return { ...blankResult(asked), verdict: { value: 'not here', because: absence }, realMs: wallNow() - begun };
  }
  let environment: PlayedEnvironment;
  try {
    environment = await kind.up(scenario.fabric, seed, options.sink, scenario.needs);
  } catch (error) {
    return {
      ...blankResult(asked),
      verdict: unknown(`the environment did not come up: ${thrownWords(error)}`),
      realMs: wallNow() - begun,
    };
  }
  await using fabric = environment;
  const startedAt = fabric.clock.now();
  const steps = new StepLog(() => fabric.clock.now(), options.onStep);
  const then = new Then(fabric, steps);
  const crash = await perform(
    scenario,
    { recording: fabric.recording, steps },
    { given: new Given(fabric, steps, new SeededRandom(seed, 'scenario')), when: new When(fabric, steps), then },
  );
  const turn = seed + turnOf(options.entry.name);
  const standing = await standingOf(fabric, scenario.fabric, turn);
  const judgements = [...crash, ...ownJudgements(then, crash), ...standing];
  const { recording } = fabric;
  return {
    ...blankResult(asked),
    verdict: worst(judgements.map((judgement) => judgement.verdict)),
    steps: steps.steps,
    judgements,
    plannedStarts: plannedStartsOrNone(recording),
    recording,
    ...(fabric.services ? { services: fabric.services } : {}),
    traceHash: fabric.traceHash(),
    traceEvents: fabric.counts.traceEvents,
    requests: fabric.counts.requests,
    virtualMs: fabric.clock.now() - startedAt,
    realMs: wallNow() - begun,
  };
}

async function perform(
  scenario: Scenario,
  { recording, steps }: { readonly recording: Recording; readonly steps: StepLog },
  stage: Parameters<Scenario['play']>[0],
): Promise<Judgement[]> {
  try {
    await scenario.play(stage);
    return [];
  } catch (error) {
    const verdict: Verdict = unknown(thrownWords(error));
    return [judgementOf(recording, 'the scenario plays to its end', verdict, raisedAt(error) ?? steps.lastAt)];
  }
}

/** A scenario without a sentence of its own has shown nothing, whatever else held meanwhile. */
function ownJudgements(then: Then, crash: readonly Judgement[]): readonly Judgement[] {
  if (then.judgements.length > 0 || crash.length > 0) return then.judgements;
  return [{ sentence: 'the scenario judges something', verdict: unknown('it has no sentence of its own') }];
}

/** Those that a judge could not make out are in the judgements already. */
function plannedStartsOrNone(recording: Recording): readonly PlannedStart[] {
  try {
    return plannedStarts(recording);
  } catch {
    return [];
  }
}

async function standingOf(environment: PlayedEnvironment, fabric: FabricSettings, turn: number): Promise<Judgement[]> {
  try {
    await environment.collect();
    const { recording } = environment;
    const written = (job: JobHistory) => environment.written(job);
    const standing = standingJudgements({ recording, fabric, written });
    return [
      ...[...standing, ...(await answersOf(environment, turn))].map(({ sentence, verdict }) =>
        judgementOf(recording, sentence, verdict),
      ),
      purity(environment),
      ...(await soundness(environment)),
    ];
  } catch (error) {
    return [{ sentence: 'what was seen can be judged', verdict: unknown(thrownWords(error)) }];
  }
}

/** What the gateway answers to a client, where nothing stands between the two. */
async function answersOf(environment: PlayedEnvironment, turn: number): Promise<Judgement[]> {
  const { gateway, recording, clock } = environment;
  const isHindered = recording.faults.some(({ to }) => to === undefined);
  if (!gateway || isHindered || recording.records.length === 0) return [];
  const logs = environment.content !== undefined;
  const options = { gateway, project: scenarioProject, recording, now: clock.now(), turn, logs };
  const answers = await environment.settle(judgeAnswers(options));
  return [...answers, ...(await environment.settle(judgeDeletes(options)))];
}

function purity(environment: PlayedEnvironment): Judgement {
  const verdict = judged((): Verdict => {
    const [first, ...rest] = environment.impurities();
    if (first === undefined) return { value: 'true', because: 'no code read the machine’s time or chance' };
    return { value: 'false', because: `${first}${rest.length > 0 ? ` and ${rest.length} more` : ''}` };
  });
  return { sentence: 'the run depends on nothing but its seed', verdict };
}

/** A deployed service that crashes is started again by its cluster, and nothing else may tell of it. */
async function soundness(environment: PlayedEnvironment): Promise<Judgement[]> {
  if (environment.services?.at !== 'deployed' || !environment.mishaps) return [];
  const [first, ...rest] = await environment.mishaps();
  const verdict: Verdict =
    first === undefined
      ? { value: 'true', because: 'no container restarted' }
      : { value: 'false', because: [first, ...rest].join(', ') };
  return [{ sentence: 'no deployed service ends by itself', verdict }];
}
