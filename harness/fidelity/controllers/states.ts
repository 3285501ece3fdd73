/** What of an object's version is compared, as a line; times, which are compared with a tolerance, apart. */
import type { CronJob, Job, JobCondition, KubernetesObject, Pod } from '../../../kubernetes/objects.ts';
import type { Version } from './observation.ts';

/** One side of an object in one version. */
export interface State {
  /** Which side: empty for the main one, `, its phase`. */
  readonly side: string;
  readonly text: string;
  /** Epoch ms, by what they are times of. */
  readonly times: Readonly<Record<string, number>>;
}

/** Finds the name behind a uid. */
type NameOf = (uid: string) => string;

/**
 * What is to be seen in one version, a state for each side of the object. A side is what one writer writes: in which
 * order the writes of several (node, controller, garbage collector) meet on one object is chance on a real cluster.
 */
export function statesOf({ object, type }: Version, isFirst: boolean, nameOf: NameOf): State[] {
  const isGone = type === 'DELETED';
  const origin = isFirst ? originOf(object) : [];
  const deletion = deletionOf(object, isGone).map((text) => state(', its deletion', [text]));
  const main = (parts: readonly string[], times = {}) =>
    isGone ? [] : [state('', [...origin, ...finalizersOf(object), ...parts], times)];
  const owners = isGone ? [] : [state(', its owners', ownersOf(object))];
  if (object.kind === 'Job') {
    const job = object as Job;
    const ready = isGone ? [] : [state(', its ready pods', [String(job.status?.ready ?? 'none')])];
    if (job.metadata?.deletionTimestamp !== undefined)
      return [...main(endOf(job), jobTimes(job)), ...owners, ...deletion];
    return [...main(jobParts(job, nameOf), jobTimes(job)), ...owners, ...ready, ...deletion];
  }
  if (object.kind === 'CronJob') {
    const cronJob = object as CronJob;
    if (cronJob.metadata?.deletionTimestamp !== undefined) return [...main(['being deleted']), ...deletion];
    return [...main(cronJobParts(cronJob), cronJobTimes(cronJob)), ...deletion];
  }
  const phase = isGone ? [] : [state(', its phase', podParts(object as Pod))];
  return [...main([]), ...owners, ...phase, ...deletion];
}

function state(
  side: string,
  parts: readonly string[],
  times: Readonly<Record<string, string | undefined>> = {},
): State {
  const given = Object.entries(times).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, Date.parse(text)] as const],
  );
  return { side, text: parts.join(', '), times: Object.fromEntries(given) };
}

/** The grace of the one who asked first; that the node then asks with none is seen only while a finalizer is left. */
function deletionOf({ metadata }: KubernetesObject, isGone: boolean): string[] {
  if (isGone) return ['gone'];
  if (metadata?.deletionTimestamp === undefined) return [];
  return metadata.deletionGracePeriodSeconds === 0 ? [] : [`asked for, grace ${metadata.deletionGracePeriodSeconds}`];
}

/** What an object is born with and keeps. */
function originOf({ metadata, kind, ...object }: KubernetesObject): string[] {
  const { labels, annotations } = metadata ?? {};
  return [
    'created',
    ...(kind === 'Pod' ? hostnameOf(object as Pod) : []),
    ...(labels ? [`labels ${sorted(labels)}`] : []),
    ...(annotations ? [`annotations ${sorted(annotations)}`] : []),
  ];
}

function finalizersOf({ metadata }: KubernetesObject): string[] {
  const { finalizers = [] } = metadata ?? {};
  return finalizers.length > 0 ? [`kept by ${finalizers.join(' and ')}`] : ['kept by nothing'];
}

function ownersOf({ metadata }: KubernetesObject): string[] {
  const owners = (metadata?.ownerReferences ?? []).map(
    ({ kind, name, uid, controller, blockOwnerDeletion }) =>
      `${kind}/${name} ${uid}${controller ? ' controls' : ''}${blockOwnerDeletion ? ' blocks' : ''}`,
  );
  return owners.length > 0 ? owners : ['none'];
}

/**
 * Of a Job that is being deleted (of a CronJob nothing at all): its pods are deleted by the garbage collector and let
 * go by the Job controller side by side, and which of them count as failed depends on who comes first.
 */
function endOf({ status = {} }: Job): string[] {
  return ['being deleted', ...(status.conditions ?? []).map(conditionText)];
}

function jobParts({ status = {} }: Job, nameOf: NameOf): string[] {
  const { uncountedTerminatedPods: uncounted } = status;
  const counts = (['active', 'terminating', 'succeeded', 'failed', 'completedIndexes', 'failedIndexes'] as const)
    .filter((name) => status[name] !== undefined)
    .map((name) => `${name} ${JSON.stringify(status[name])}`);
  const lists = (['succeeded', 'failed'] as const)
    .filter((name) => uncounted?.[name]?.length)
    .map((name) => `uncounted ${name} ${(uncounted?.[name] ?? []).map(nameOf).sort().join(' ')}`);
  return [
    ...counts,
    ...(uncounted === undefined ? ['no list of uncounted'] : lists),
    ...(status.startTime === undefined ? [] : ['has a startTime']),
    ...(status.completionTime === undefined ? [] : ['has a completionTime']),
    ...(status.conditions ?? []).map(conditionText),
  ];
}

function jobTimes({ status = {} }: Job): Record<string, string | undefined> {
  const conditions = (status.conditions ?? []).map(
    ({ type, lastTransitionTime }) => [type, lastTransitionTime] as const,
  );
  return { startTime: status.startTime, completionTime: status.completionTime, ...Object.fromEntries(conditions) };
}

function conditionText({ type, status, reason, message }: JobCondition): string {
  return `${type}=${status} ${reason} "${message}"`;
}

function cronJobParts({ status = {} }: CronJob): string[] {
  const { active, lastScheduleTime, lastSuccessfulTime } = status;
  return [
    ...(active === undefined ? [] : [`active ${active.map(({ name }) => name).join(' ')}`]),
    ...(lastScheduleTime === undefined ? [] : [`last scheduled ${lastScheduleTime}`]),
    ...(lastSuccessfulTime === undefined ? [] : ['has a lastSuccessfulTime']),
  ];
}

function cronJobTimes({ status = {} }: CronJob): Record<string, string | undefined> {
  return { lastSuccessfulTime: status.lastSuccessfulTime };
}

function podParts({ status = {} }: Pod): string[] {
  const disruption = status.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return [
    status.phase ?? 'no phase',
    ...(status.reason === undefined ? [] : [status.reason]),
    ...(disruption ? [`DisruptionTarget=${disruption.status} ${disruption.reason}`] : []),
  ];
}

function hostnameOf({ spec }: Pod): string[] {
  return spec?.hostname === undefined ? [] : [`hostname ${spec.hostname}`];
}

function sorted(record: Readonly<Record<string, string>>): string {
  const entries = Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([name, value]) => `${name}: ${value}`).join(', ')}}`;
}
