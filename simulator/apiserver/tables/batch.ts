/** Jobs and CronJobs (semantics 1.8). */
import type { Container, CronJob, Job } from '../../../kubernetes/objects.ts';
import type { LabelSelector } from '../selectors/label-requirements.ts';
import { ageColumn, column, nameColumn, orNone, type Printer, wide } from './columns.ts';
import { durationText, sinceText } from './duration.ts';

export const containerColumns = [
  wide('Containers', 'Names of the containers in the template.'),
  wide('Images', 'Images of the containers in the template.'),
  wide('Selector', 'Selector of the pods.'),
];

/** Cells of the columns above. */
export function containerCells(containers: readonly Container[] | undefined, selector: string): string[] {
  const list = containers ?? [];
  return [
    list.map((container) => container.name).join(','),
    list.map((container) => container.image ?? '').join(','),
    selector,
  ];
}

/** `a=b,c in (d,e),!f`; `<none>` without a selector or with one that selects everything. */
export function selectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }));
  const others = (selector?.matchExpressions ?? []).map((requirement) => ({
    key: requirement.key,
    text: requirementText(requirement.key, requirement.operator, requirement.values ?? []),
  }));
  const all = [...equal, ...others].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return orNone(all.map((one) => one.text).join(','));
}

function requirementText(key: string, operator: string, values: readonly string[]): string {
  const list = `(${[...values].sort().join(',')})`;
  switch (operator) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}

export const jobPrinter: Printer<Job> = {
  columns: [
    nameColumn,
    column('Status', 'State of the Job, derived from its conditions.'),
    column('Completions', 'Pods that succeeded, of those needed.'),
    column('Duration', 'Time from start to completion, or until now.'),
    ageColumn,
    ...containerColumns,
  ],
  cells(job, nowMs) {
    return [
      job.metadata?.name ?? '',
      jobStatus(job),
      completions(job),
      jobDuration(job, nowMs),
      sinceText(job.metadata?.creationTimestamp, nowMs),
      ...containerCells(job.spec?.template?.spec?.containers, selectorText(job.spec?.selector)),
    ];
  },
};

function jobStatus(job: Job): string {
  const has = (type: string) =>
    (job.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (job.metadata?.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function completions(job: Job): string {
  const succeeded = job.status?.succeeded ?? 0;
  const { completions: needed, parallelism = 0 } = job.spec ?? {};
  if (needed !== undefined) return `${succeeded}/${needed}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

/** A failed Job has no completion time, so its duration keeps growing. */
function jobDuration(job: Job, nowMs: number): string {
  const { startTime, completionTime } = job.status ?? {};
  if (!startTime) return '';
  const end = completionTime ? Date.parse(completionTime) : nowMs;
  return durationText((end - Date.parse(startTime)) / 1000);
}

export const cronJobPrinter: Printer<CronJob> = {
  columns: [
    nameColumn,
    column('Schedule', 'When Jobs are started, in cron format.'),
    column('Timezone', 'Time zone of the schedule.'),
    column('Suspend', 'Whether no Jobs are started for now.', 'boolean'),
    column('Active', 'Jobs that run now.', 'integer'),
    column('Last Schedule', 'Time since the last Job was due that has been started.'),
    ageColumn,
    ...containerColumns,
  ],
  cells(cronJob, nowMs) {
    const { spec, status, metadata } = cronJob;
    const template = spec?.jobTemplate?.spec;
    return [
      metadata?.name ?? '',
      spec?.schedule ?? '',
      spec?.timeZone ?? '<none>',
      spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False',
      (status?.active ?? []).length,
      status?.lastScheduleTime ? sinceText(status.lastScheduleTime, nowMs) : '<none>',
      sinceText(metadata?.creationTimestamp, nowMs),
      ...containerCells(template?.template?.spec?.containers, selectorText(template?.selector)),
    ];
  },
};
