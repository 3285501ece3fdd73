/** The third phase of a scenario: what must hold now. Each sentence is judged and stands in the report. */
import type { Environment } from '../environments/environment.ts';
import { judgementOf } from '../explain/judgement.ts';
import { mostAtOnce, neverTwoAtOnce, overlaps } from '../invariants/concurrency.ts';
import { judgeAnswers } from '../invariants/gateway/ask.ts';
import { plannedStarts } from '../invariants/planned-starts.ts';
import { recordOf } from '../invariants/records.ts';
import { fails, forEach, holds, judged, unknown, type Verdict } from '../invariants/verdict.ts';
import {
  endOf,
  type JobHistory,
  jobsOf,
  plannedJobsOf,
  type Recording,
  type TaskRecord,
} from '../recording/recording.ts';
import { type Judgement, type PlannedStart, startOutcomes } from '../reports/model.ts';
import { checkMembers } from './check-fields.ts';
import { scenarioProject, type TaskReference } from './given.ts';
import { calledFrom } from './source-position.ts';
import type { StepLog } from './step-log.ts';

export class Then {
  readonly judgements: Judgement[] = [];
  readonly #environment: Environment;
  readonly #steps: StepLog;

  constructor(environment: Environment, steps: StepLog) {
    this.#environment = environment;
    this.#steps = steps;
  }

  /** Judges any sentence over what was seen. */
  async holds(sentence: string, judge: (recording: Recording) => Verdict): Promise<void> {
    const at = calledFrom();
    await this.#environment.collect();
    this.add(
      sentence,
      judged(() => judge(this.#environment.recording)),
      at,
    );
  }

  add(sentence: string, verdict: Verdict, at = calledFrom()): void {
    this.#steps.add('then', sentence);
    this.judgements.push(judgementOf(this.#environment.recording, sentence, verdict, at));
  }

  async equal(sentence: string, actual: (recording: Recording) => unknown, wanted: unknown): Promise<void> {
    await this.holds(sentence, (recording) => equals(actual(recording), wanted));
  }

  async runs(task: TaskReference, count: number): Promise<void> {
    await this.holds(`${task.name} ran ${count} times`, (recording) => {
      const names = jobsOf(recording, task.name).map(({ name }) => name);
      const words = `it ran ${names.length} times${names.length === 0 ? '' : `: ${shortList(names)}`}`;
      return names.length === count ? holds(words) : fails(words);
    });
  }

  /** ISO instants for which the Task's runs were planned, in order. */
  async ranFor(task: TaskReference, instants: readonly string[]): Promise<void> {
    await this.holds(`${task.name} ran for ${instants.length === 0 ? 'no slot' : instants.join(', ')}`, (recording) =>
      ranForVerdict(scheduledInstants(plannedJobsOf(recording, task.name)), instants),
    );
  }

  async neverOverlaps(task: TaskReference): Promise<void> {
    await this.holds(`never two runs of ${task.name} at once`, (recording) => neverTwoAtOnce(recording, task.name));
  }

  async overlaps(task: TaskReference, atMost: number): Promise<void> {
    await this.holds(`runs of ${task.name} overlap, at most ${atMost} at once`, (recording) => {
      const verdict = overlaps(recording, task.name);
      if (verdict.value !== 'true') return verdict;
      const most = mostAtOnce(recording, task.name);
      return most <= atMost ? verdict : fails(`up to ${most} ran at once`);
    });
  }

  /** All of the Task's runs that ended did so like this. */
  async ended(task: TaskReference, outcome: 'Complete' | 'Failed', reason?: string): Promise<void> {
    const words = reason === undefined ? outcome : `${outcome} (${reason})`;
    await this.holds(`each run of ${task.name} that ended is ${words}`, (recording) =>
      forEach(
        jobsOf(recording, task.name).filter((job) => endOf(job)),
        `runs of ${task.name} that have ended`,
        (job) => {
          const end = endOf(job);
          const right = end?.outcome === outcome && (reason === undefined || end.reason === reason);
          return right ? undefined : `${job.name} ended as ${end?.outcome} (${end?.reason ?? 'no reason'})`;
        },
      ),
    );
  }

  /** Each run's record is in this state, with these fields. */
  async recorded(task: TaskReference, state: string, fields: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.holds(`the gateway has ${task.name} as ${state}`, (recording) =>
      forEach(jobsOf(recording, task.name), `runs of ${task.name}`, (job) =>
        recordObjection(job, recordOf(recording, job), state, fields),
      ),
    );
  }

  /** The log that managed content stores of each recorded run contains the text. */
  async logged(task: TaskReference, text: string): Promise<void> {
    await this.holds(`the stored logs of ${task.name} say ${JSON.stringify(text)}`, (recording) =>
      forEach(jobsOf(recording, task.name), `runs of ${task.name}`, (job) => {
        const key = recordOf(recording, job)?.logs?.key;
        const log = recording.logs.find((candidate) => candidate.key === key);
        if (!log) return `no log of ${job.name} is stored`;
        if (log.text === undefined) return `the log of ${job.name} is too large to be read here`;
        return log.text.includes(text)
          ? undefined
          : `the log of ${job.name} is ${JSON.stringify(log.text.slice(0, 200))}`;
      }),
    );
  }

  /** Planned starts of the Task came out like this: `{ started: 4, skipped: 6 }`. */
  async starts(task: TaskReference, outcomes: Partial<Record<PlannedStart['outcome'], number>>): Promise<void> {
    checkMembers(`then.starts('${task.name}')`, outcomes, startOutcomes);
    const words = Object.entries(outcomes)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join(', ');
    await this.holds(`of the planned starts of ${task.name}: ${words}`, (recording) => {
      const counts: Record<string, number> = {};
      for (const start of plannedStarts(recording)) {
        if (start.task === task.name) counts[start.outcome] = (counts[start.outcome] ?? 0) + 1;
      }
      const verdict = equals(counts, outcomes);
      return verdict.value === 'true' ? verdict : fails(`they came out as ${countsWords(counts)}`);
    });
  }

  /** Planned starts of the Task came out so, each of them by a rule in these words. */
  async explained(task: TaskReference, outcome: PlannedStart['outcome'], rule: RegExp): Promise<void> {
    await this.holds(`the ${outcome} starts of ${task.name} have the rule ${rule.source}`, (recording) =>
      forEach(
        plannedStarts(recording).filter((start) => start.task === task.name && start.outcome === outcome),
        `planned starts of ${task.name} that were ${outcome}`,
        (start) => (rule.test(start.rule) ? undefined : `${new Date(start.at).toISOString()}: ${start.rule}`),
      ),
    );
  }

  /** Kubernetes sent an event with that reason about an object whose name begins so. */
  async event(reason: string, objectPrefix: string): Promise<void> {
    await this.holds(`event ${reason} about ${objectPrefix}`, ({ events }) => {
      const found = events.filter(
        (event) => event.reason === reason && event.involvedObject.name?.startsWith(objectPrefix),
      );
      if (found.length > 0) return holds(`${found.length} seen`);
      const others = events.filter(({ involvedObject }) => involvedObject.name?.startsWith(objectPrefix));
      const reasons = [...new Set(others.map((event) => event.reason ?? 'no reason'))];
      return fails(`no such event was seen; the others about it were ${reasons.join(', ') || 'none'}`);
    });
  }

  /** What clients ask about what there is now; `isThorough`: by all sort fields, not those alone whose turn it is. */
  async gatewayAnswers(turn = 0, isThorough = true): Promise<void> {
    await this.#environment.collect();
    const { gateway, recording, clock } = this.#environment;
    if (!gateway) return this.add('the gateway answers', unknown('there is no gateway'));
    const logs = this.#environment.content !== undefined;
    const options = { gateway, project: scenarioProject, recording, now: clock.now(), turn, logs, isThorough };
    const judgements = await this.#environment.settle(judgeAnswers(options));
    if (judgements.length === 0) this.add('the gateway answers', unknown('it has no record'));
    for (const { sentence, verdict } of judgements) this.add(sentence, verdict);
  }

  /** A question to the gateway as a client asks it, and what the answer must be. */
  async answers(
    sentence: string,
    path: string,
    judge: (answer: { status: number; text: string }) => Verdict,
  ): Promise<void> {
    const at = calledFrom();
    const { gateway } = this.#environment;
    if (!gateway) return this.add(sentence, unknown('the scenario runs without a gateway, so nobody can be asked'), at);
    const answer = await this.#environment.settle(gateway.fetch(path));
    const verdict = judged(() => judge(answer));
    const asked = `to GET ${path} the gateway answered ${answer.status} ${answer.text.slice(0, 300)}`;
    this.add(
      sentence,
      verdict.value === 'true' ? verdict : { ...verdict, because: `${verdict.because}; ${asked}` },
      at,
    );
  }
}

const namesShown = 5;

function shortList(names: readonly string[]): string {
  const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
  return `${names.slice(0, namesShown).join(', ')}${more}`;
}

function countsWords(counts: Readonly<Record<string, number>>): string {
  const words = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  return words.join(', ') || 'none at all';
}

/** What is missing, and what is there unasked. */
function ranForVerdict(ran: readonly (string | undefined)[], wanted: readonly string[]): Verdict {
  if (equals(ran, wanted).value === 'true') return holds(`${ran.length} runs`);
  const missing = wanted.filter((instant) => !ran.includes(instant));
  const unasked = ran.filter((instant) => instant === undefined || !wanted.includes(instant));
  const parts = [
    ...(missing.length > 0 ? [`it did not run for ${missing.join(', ')}`] : []),
    ...(unasked.length > 0 ? [`it ran also for ${unasked.map((at) => at ?? 'no slot').join(', ')}`] : []),
  ];
  return fails(parts.join('; ') || `it ran more than once for one of ${ran.join(', ')}`);
}

function scheduledInstants(jobs: readonly JobHistory[]): (string | undefined)[] {
  return jobs
    .map((job) => job.scheduledFor)
    .sort((left, right) => (left ?? 0) - (right ?? 0))
    .map((at) => (at === undefined ? undefined : new Date(at).toISOString().replace('.000Z', 'Z')));
}

function recordObjection(
  job: JobHistory,
  record: TaskRecord | undefined,
  state: string,
  fields: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!record) return `the gateway has no record of ${job.name}`;
  if (record.state !== state || record.status !== state)
    return `${job.name} is ${record.state} (${record.statusReason ?? 'no reason'})`;
  for (const [field, wanted] of Object.entries(fields)) {
    if (equals(record[field], wanted).value !== 'true') {
      return `${job.name} has ${field} ${JSON.stringify(record[field])}, not ${JSON.stringify(wanted)}`;
    }
  }
  return undefined;
}

/** Equality as JSON, members in any order. */
export function equals(actual: unknown, wanted: unknown): Verdict {
  const text = canonical(actual);
  return text === canonical(wanted) ? holds(text) : fails(`it is ${text}, and should be ${canonical(wanted)}`);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => (isObject(member) ? sorted(member) : member)) ?? 'undefined';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Whether a text that must be there matches. */
export function matches(actual: unknown, wanted: RegExp): Verdict {
  const isRight = typeof actual === 'string' && wanted.test(actual);
  return isRight ? holds(actual) : fails(`${JSON.stringify(actual)} does not match ${wanted}`);
}
