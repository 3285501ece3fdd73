/**
 * One task by its name: the record that the list has, the object of the cluster beside it, and 404 for a name that
 * nobody has.
 */
import type { GatewayAnswer } from '../../environments/environment.ts';
import type { TaskRecord } from '../../recording/recording.ts';
import { identityOf, type Question, tasksPath } from './question.ts';

const unknownName = 'nobody-has-this-name';

/** A name may come back: the newest record of it answers, or one of those made in the same second. */
export function describeQuestions(project: string, all: readonly TaskRecord[], sample: TaskRecord): Question[] {
  const namesakes = all.filter(({ name }) => name === sample.name);
  const newestAt = Math.max(...namesakes.map(createdOf));
  const newest = namesakes.filter((record) => createdOf(record) === newestAt);
  const path = `${tasksPath(project)}/${encodeURIComponent(sample.name)}`;
  return [
    {
      words: `the description of ${sample.name}`,
      path: `${path}?k8s=true`,
      objection: (answer) => describedAs(answer, newest) ?? resourceObjection(answer, sample),
    },
    {
      words: 'the description of an unknown task',
      path: `${tasksPath(project)}/${unknownName}`,
      objection: isNotFound,
    },
    { words: 'the log of an unknown task', path: `${tasksPath(project)}/${unknownName}/logs`, objection: isNotFound },
  ];
}

function createdOf(record: TaskRecord): number {
  return typeof record.createdAt === 'number' ? record.createdAt : 0;
}

function describedAs(answer: GatewayAnswer, newest: readonly TaskRecord[]): string | undefined {
  if (answer.status !== 200) return `it answered ${answer.status}: ${answer.text.slice(0, 200)}`;
  const { task } = answer.json<{ task?: TaskRecord }>();
  if (!task) return `no task: ${answer.text.slice(0, 200)}`;
  const wanted = newest.find((record) => identityOf(record) === identityOf(task));
  if (!wanted) return `it is ${identityOf(task)}, not ${newest.map(identityOf).join(' or ')}`;
  const { artifacts, ...listed } = task;
  const odd = Object.keys({ ...wanted, ...listed }).find((field) => !isSame(listed[field], wanted[field]));
  if (odd === undefined) return artifactsObjection(artifacts, wanted);
  return `${odd} is ${JSON.stringify(listed[odd])}, the list has ${JSON.stringify(wanted[odd])}`;
}

/** What the run has left, told by its description alone: under its own prefix, each once, its log not among it. */
function artifactsObjection(artifacts: unknown, { artifactsPrefix = '' }: TaskRecord): string | undefined {
  if (artifacts === undefined) return undefined;
  if (!Array.isArray(artifacts)) return `artifacts is ${JSON.stringify(artifacts)}`;
  const keys = artifacts.map((each: { key?: unknown } | null) => String(each?.key));
  const odd = keys.find((key, index) => {
    return !key.startsWith(String(artifactsPrefix)) || key.endsWith('/log.txt') || keys.indexOf(key) < index;
  });
  return odd && `${odd} is among its artifacts`;
}

/** The Task, or the Job of a run: nothing when it has gone. */
function resourceObjection(answer: GatewayAnswer, wanted: TaskRecord): string | undefined {
  const { k8sResource: found } = answer.json<{ k8sResource?: { kind?: string; metadata?: { name?: string } } }>();
  if (!found) return undefined;
  const kind = wanted.jobType === 'cron' ? 'Job' : found.kind;
  const isIt = found.kind === kind && found.metadata?.name === wanted.name;
  return isIt ? undefined : `its resource is ${found.kind} ${found.metadata?.name}, not ${kind} ${wanted.name}`;
}

export function isNotFound(answer: GatewayAnswer): string | undefined {
  if (answer.status !== 404) return `it answered ${answer.status}, not 404: ${answer.text.slice(0, 200)}`;
  const { success, code } = answer.json<{ success?: unknown; code?: unknown }>();
  return success === false && code === 404 ? undefined : `its body is ${answer.text.slice(0, 200)}`;
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
