/** Generators of Tasks for the property tests: every field, within its limits, with the characters that hurt. */
import fc from 'fast-check';
import { argumentBytesMax } from './payload.ts';
import { type ConcurrencyPolicy, fabricApiVersion, type Resources, type Task, type TaskSpec } from './task.ts';

const words = fc.string({ unit: 'grapheme', maxLength: 40 });
const rawName = fc.string({ unit: fc.constantFrom(...'abzAZ09-_./ é$'), minLength: 1, maxLength: 80 });
const labelEnd = fc.constantFrom(...'abcxyz0189');
const dollars = fc
  .array(fc.constantFrom('$', '$$', '$(HOME)', '$' + '{X}', '$1', '$&', 'a', '"', '\\', '\n', 'é', '🦉', ' '), {
    maxLength: 20,
  })
  .map((parts) => parts.join(''));

/** A DNS label of at most `lengthMax` characters that is no run's name. */
export function dnsLabel(lengthMax: number): fc.Arbitrary<string> {
  const middle = fc.string({ unit: fc.constantFrom(...'abcxyz019-'), maxLength: lengthMax - 3 });
  return fc.tuple(labelEnd, middle, labelEnd).map(([first, rest, last]) => `${first}${rest}${last}x`);
}

export const projects = fc
  .tuple(labelEnd, fc.string({ unit: fc.constantFrom(...'aZ9._-'), maxLength: 40 }), labelEnd)
  .map((parts) => parts.join(''));

/** JSON texts as people and machines write them, `$` and surrogate pairs included. */
const payloads: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  dollars.map((text) => JSON.stringify({ text })),
  dollars.map((text) => ` ${JSON.stringify([text])}\n`),
  fc.constantFrom('$', 'é', '🦉', 'x').map(payloadAtTheLimit),
);

/** A JSON text of exactly the limit's bytes, filled with one character. */
export function payloadAtTheLimit(fill: string): string {
  const size = Buffer.byteLength(fill);
  const room = argumentBytesMax - 2;
  return `"${fill.repeat(Math.floor(room / size))}${'x'.repeat(room % size)}"`;
}

const environment = fc.dictionary(
  fc
    .tuple(fc.constantFrom('A', 'b', '_'), fc.string({ unit: fc.constantFrom(...'aZ9_.-'), maxLength: 8 }))
    .map((parts) => parts.join('')),
  fc.oneof(words, dollars),
  { maxKeys: 5 },
);

const resources: fc.Arbitrary<Resources> = fc.constantFrom<Resources>(
  { requests: { memory: '4G' } },
  { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: 2, memory: '1024Mi' } },
  { limits: { cpu: '0.5', 'ephemeral-storage': '1e9', 'example.com/gpu': '2' } },
);

const wholeNumber = fc.integer({ min: 0, max: 2_147_483_647 });

/** Wishes for the pod that do not touch what a Task has words of its own for, and those that do. */
const podSpecs = fc.array(
  fc.constantFrom(
    { path: '/containers/0/resources', value: { requests: { memory: '4G' }, limits: { memory: '4G' } } },
    { path: '/containers/0/env/-', value: { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } } },
    { path: '/containers/0/env', value: [{ name: 'EXTRA~1', value: '$(A)' }] },
    { path: '/volumes', value: [{ name: 'scratch', emptyDir: {} }] },
    { path: '/volumes/-', value: { name: 'data', persistentVolumeClaim: { claimName: 'data' } } },
    { path: '/containers/0/volumeMounts/-', value: { name: 'data', mountPath: '/data' } },
    { path: '/nodeSelector', value: { 'example.com/pool': 'gpu' } },
    { path: '/terminationGracePeriodSeconds', value: 5 },
    { path: '/dnsPolicy', value: null },
  ),
  { maxLength: 5 },
);

const commonFields = {
  projectId: projects,
  skillName: rawName,
  actionName: rawName,
  image: fc.constantFrom('actor', 'forecast:1', 'registry.example.com:5000/a/b@sha256:abc'),
  command: fc.array(fc.oneof(words, dollars), { maxLength: 4 }),
  args: fc.array(fc.oneof(words, dollars), { maxLength: 4 }),
  environment,
  resources,
  podSpec: podSpecs,
  payload: payloads,
  username: words,
  source: words,
  agentName: rawName,
  activationId: fc.uuid(),
  correlationId: rawName,
  channelId: words,
  refId: words,
  sessionId: words,
  taskPool: dnsLabel(20),
  backoffLimit: wholeNumber,
  activeDeadlineSeconds: fc.integer({ min: 1, max: 2_147_483_647 }),
  ttlSecondsAfterFinished: wholeNumber,
  concurrencyPolicy: fc.constantFrom<ConcurrencyPolicy>('Allow', 'Forbid', 'Replace'),
  successfulJobsHistoryLimit: wholeNumber,
  failedJobsHistoryLimit: wholeNumber,
} as const;

const requiredKeys = ['projectId', 'skillName', 'actionName', 'image'] as const;

const onceSpecs: fc.Arbitrary<TaskSpec> = fc.record(
  { ...commonFields, schedule: fc.constant(''), suspend: fc.constant(false) },
  { requiredKeys: [...requiredKeys] },
);

const scheduledSpecs: fc.Arbitrary<TaskSpec> = fc.record(
  {
    ...commonFields,
    schedule: fc.constantFrom('* * * * *', '*/5 1-3 * jan,feb mon-fri', '@hourly', '@every 90s', '0 0 29 2 *'),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
    startingDeadlineSeconds: wholeNumber,
    suspend: fc.boolean(),
  },
  { requiredKeys: [...requiredKeys, 'schedule'] },
);

const taskOf = (name: string, namespace: string, uid: string, generation: number, spec: TaskSpec): Task => ({
  apiVersion: fabricApiVersion,
  kind: 'Task',
  metadata: { name, namespace, uid, generation },
  spec,
});

const around = (names: fc.Arbitrary<string>, specs: fc.Arbitrary<TaskSpec>): fc.Arbitrary<Task> =>
  fc.tuple(names, dnsLabel(63), fc.uuid(), fc.nat(), specs).map((parts) => taskOf(...parts));

export const onceTasks = around(dnsLabel(63), onceSpecs);
export const scheduledTasks = around(dnsLabel(52), scheduledSpecs);
export const validTasks = fc.oneof(onceTasks, scheduledTasks);

/** A plain Task for examples. */
export function exampleTask(spec: Partial<TaskSpec> = {}, name = 'proj1-report'): Task {
  const base = { projectId: 'proj1', skillName: 'cortex/report', actionName: 'run', image: 'actor' };
  return taskOf(name, 'default', '6f1d3c3e-7f0c-4d0b-8a76-1b1c3a2d4e5f', 1, { ...base, ...spec });
}
