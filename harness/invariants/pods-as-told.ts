/**
 * Each pod of a run got what its Task says: image, command, arguments, variables, resources, labels. The Task's words
 * are those of the generation that the Job was made of; that a run has the newest one is judged where a schedule
 * changes.
 */
import type { TaskSpec } from '../../fabric/task/task.ts';
import type { Container } from '../../kubernetes/objects.ts';
import type { PodHistory, Recording } from '../recording/recording.ts';
import { type SeenPod, seenOf, specKey } from '../recording/seen.ts';
import { forEach, type Verdict } from './verdict.ts';

const group = 'fabric.orrery.dev';
const labels = {
  projectId: `${group}/project`,
  skillName: `${group}/skill`,
  actionName: `${group}/action`,
  agentName: `${group}/agent`,
  activationId: `${group}/activation`,
  taskPool: `${group}/pool`,
} as const satisfies Partial<Record<keyof TaskSpec, string>>;

/** The folder that the pod is told to put into what it leaves. */
const folderVariable = 'FABRIC_ARTIFACTS';
/** Of a schedule's run: the name of its Job, which the folder is made of. */
const runVariable = 'FABRIC_RUN';
const runField = "metadata.labels['batch.kubernetes.io/job-name']";

interface ToldPod {
  readonly pod: PodHistory;
  readonly seen: SeenPod;
  readonly task: string;
  readonly spec: TaskSpec;
  /** Of a one-time Task: the folder that is noted on its Job. */
  readonly folder?: string;
}

export function podsAreAsTold(recording: Recording): Verdict {
  const { jobs, pods, specs } = seenOf(recording);
  const tasks = new Map(recording.jobs.map(({ uid, task }) => [uid, task]));
  const told = recording.pods.flatMap((pod): ToldPod[] => {
    const seen = pods.get(pod.uid);
    const { annotations } = jobs.get(pod.job ?? '') ?? {};
    const spec = specs.get(
      specKey(annotations?.[`${group}/task-uid`] ?? '', annotations?.[`${group}/task-generation`] ?? ''),
    );
    const folder = annotations?.[`${group}/log-folder`];
    return seen && spec ? [{ pod, seen, spec, folder, task: tasks.get(pod.job ?? '') ?? '' }] : [];
  });
  return forEach(told, 'pods as their Tasks say', ({ pod, seen, spec, task, folder }) => {
    const found =
      containerObjection(seen.containers, spec) ??
      folderObjection(seen.containers[0], spec, folder) ??
      labelObjection(seen.labels, spec, task);
    return found && `the pod ${pod.name} has ${found}`;
  });
}

function containerObjection(containers: readonly Container[], spec: TaskSpec): string | undefined {
  const [container, ...others] = containers;
  if (!container || others.length > 0) return `${containers.length} containers`;
  const { image, command, args, env = [], resources } = container;
  // Kubernetes turns $$ into $ and leaves the rest alone: so the payload arrives as it was given.
  const payload = (spec.payload ?? '{}').replaceAll('$', () => '$$');
  // Those that a wish for the pod adds from elsewhere are no variables of the Task.
  const given = env.filter(({ name, valueFrom }) => valueFrom === undefined && name !== folderVariable);
  const parts: [string, unknown, unknown][] = [
    ['the image', image, spec.image],
    ['the command', command ?? [], spec.command ?? []],
    ['the arguments', args, [...(spec.args ?? []), payload]],
    [
      'the variables',
      sorted(Object.fromEntries(given.map(({ name, value }) => [name, value ?? '']))),
      sorted(spec.environment),
    ],
    ['requests of', quantities(resources?.requests), quantities(spec.resources?.requests ?? defaultRequests(spec))],
    ['limits of', quantities(resources?.limits), quantities(spec.resources?.limits)],
  ];
  const odd = parts.find(([, got, wanted]) => JSON.stringify(got) !== JSON.stringify(wanted));
  return odd && `${odd[0]} ${shown(odd[1])}, not ${shown(odd[2])}`;
}

function folderObjection(container: Container | undefined, spec: TaskSpec, folder?: string): string | undefined {
  const env = container?.env ?? [];
  const told = env.find(({ name }) => name === folderVariable)?.value;
  const isCron = spec.schedule !== undefined && spec.schedule !== '';
  const wanted = isCron ? `tasks/$(${runVariable})/` : `tasks/${folder}/`;
  if (told !== wanted) return `the variable ${folderVariable} ${told}, not ${wanted}`;
  const run = env.find(({ name }) => name === runVariable)?.valueFrom?.fieldRef?.fieldPath;
  return isCron && run !== runField ? `the variable ${runVariable} from ${run}, not from ${runField}` : undefined;
}

/** Kubernetes takes limits for requests that are not there. */
function defaultRequests(spec: TaskSpec): Record<string, string | number> | undefined {
  return spec.resources?.limits;
}

function sorted(members: Readonly<Record<string, unknown>> = {}): [string, unknown][] {
  return Object.entries(members).sort(([left], [right]) => (left < right ? -1 : 1));
}

/** By their worth: Kubernetes may write a quantity in another way (`1000m` and `1`). */
function quantities(given: Readonly<Record<string, string | number>> = {}): [string, number][] {
  return sorted(given).map(([name, quantity]) => [name, worthOf(String(quantity))]);
}

const suffixes: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

function worthOf(quantity: string): number {
  const [, number = '', suffix = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(quantity) ?? [];
  return Number(number) * (suffixes[suffix] ?? Number.NaN);
}

function labelObjection(got: Readonly<Record<string, string>>, spec: TaskSpec, task: string): string | undefined {
  if (got[`${group}/task`] !== task) return `the label ${group}/task ${got[`${group}/task`]}, not ${task}`;
  for (const [field, label] of Object.entries(labels)) {
    const value = spec[field as keyof typeof labels];
    if (value === undefined || value === '') continue;
    // What is no label value is told by one that is, and differs from all others.
    const isRight = isLabelValue(value) ? got[label] === value : got[label] !== undefined;
    if (!isRight) return `the label ${label} ${got[label]}, not ${value}`;
  }
  return undefined;
}

function isLabelValue(text: string): boolean {
  return text.length <= 63 && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}
