/**
 * What must hold in every scenario, whatever it is about: safety (never) and liveness (in the end), judged apart from
 * the scenario's own sentences.
 */
import type { FabricSettings } from '../environments/environment.ts';
import type { JobHistory, Recording } from '../recording/recording.ts';
import type { Judgement } from '../reports/model.ts';
import { neverTwoAtOnce, onePodAtATime } from './concurrency.ts';
import { logsAreWhole, type StoredLogFacts } from './logs.ts';
import { everyRunWasPlanned, everyStartExplained, plannedStarts } from './planned-starts.ts';
import { podsAreAsTold } from './pods-as-told.ts';
import { recordsSayWhatTheirRunsDid } from './record-fields.ts';
import { everyRunHasItsRecord, oneRecordARun, statesNeverGoBack } from './records.ts';
import { judged, type Verdict } from './verdict.ts';

export interface StandingOptions {
  readonly recording: Recording;
  readonly fabric: FabricSettings;
  /** What the run's containers really wrote, where the environment knows. */
  readonly written: (job: JobHistory) => StoredLogFacts | undefined;
}

/** Judges only what there is something to judge of: a scenario without runs has no records to miss. */
export function standingJudgements(options: StandingOptions): Judgement[] {
  const { recording, fabric } = options;
  const judgements: Judgement[] = [];
  const judge = (sentence: string, applies: boolean, verdict: () => Verdict) => {
    if (applies) judgements.push({ sentence, verdict: judged(verdict) });
  };
  const anyPods = recording.pods.some((pod) => pod.job !== undefined && pod.runningAt !== undefined);
  judge('a Job never has two pods that run at once', anyPods, () => onePodAtATime(recording));
  for (const task of recording.tasks) {
    const policies = new Set(task.plans.map((plan) => plan.concurrencyPolicy));
    const exclusive = task.plans.some((plan) => plan.schedule) && !policies.has('Allow');
    const runs = recording.jobs.filter((job) => job.task === task.name).length;
    judge(`${task.name}: never two at once under ${[...policies].join(', ')}`, exclusive && runs > 1, () =>
      neverTwoAtOnce(recording, task.name),
    );
  }
  judge('each planned start is explained', plannedStarts(recording).length > 0, () => everyStartExplained(recording));
  const planned = () => everyRunWasPlanned(recording);
  judge('each run of a schedule has a slot of its own', planned().value !== 'unknown', planned);
  const told = () => podsAreAsTold(recording);
  judge('each pod got what its Task says', told().value !== 'unknown', told);
  if (fabric.gateway === false) return judgements;
  const anyEnded = recording.reports.length > 0;
  judge('the states of a run never go back', anyEnded, () => statesNeverGoBack(recording));
  judge('one record for each run', recording.records.length > 0, () => oneRecordARun(recording));
  const said = () => recordsSayWhatTheirRunsDid(recording);
  judge('each record says in every field what Job and Task say', said().value !== 'unknown', said);
  judge('each run that ended has its record', anyEndedLongAgo(recording), () => everyRunHasItsRecord(recording));
  if (fabric.content === false) return judgements;
  const logs = () => logsAreWhole(recording, options.written, fabric.logTtlSeconds);
  judge('each complete log is what the run wrote', logs().value !== 'unknown', logs);
  return judgements;
}

function anyEndedLongAgo(recording: Recording): boolean {
  return everyRunHasItsRecord(recording).value !== 'unknown';
}
