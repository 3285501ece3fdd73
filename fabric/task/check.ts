/**
 * Everything that can be wrong with a Task, said at once. First the schema, then what a schema cannot say: names, the
 * payload's bytes, variables, quantities, the schedule.
 */
import { isOwnVariable } from './artifacts.ts';
import { memberPath, schemaIssues } from './check-schema.ts';
import type { TaskIssue } from './errors.ts';
import { nameFault } from './names.ts';
import { argumentFault, emptyPayload, payloadIssues } from './payload.ts';
import { withPodSpec } from './pod-spec.ts';
import { resourceIssues } from './quantity.ts';
import { scheduleIssues } from './schedule.ts';
import { taskSpecSchema } from './schema.ts';
import { isScheduled, type Task, type TaskSpec } from './task.ts';
import { toPodSpec } from './to-job.ts';

/** What etcd takes in one object is 1.5 MiB; the payload has its own limit. */
const commandBytesMax = 512 * 1024;

/** Faults of name and spec: what a gateway checks before it creates the Task. Empty if it can be mapped. */
export function taskIssues(task: Task): TaskIssue[] {
  const issues = schemaIssues({ ...taskSpecSchema }, task.spec, 'spec');
  const name: unknown = task.metadata?.name;
  if (typeof name !== 'string' || name === '') {
    issues.unshift({ path: 'metadata.name', message: 'is required' });
    return issues;
  }
  const scheduled = typeof task.spec?.schedule === 'string' && isScheduled(task.spec);
  const fault = nameFault(name, scheduled);
  if (fault !== undefined) issues.unshift({ path: 'metadata.name', message: fault });
  // The rules below read fields of the right types only.
  if (task.spec === undefined || schemaIssues(taskSpecSchema, task.spec, 'spec').length > 0) return issues;
  return [...issues, ...specIssues(task.spec)];
}

/** Faults of a Task on a cluster: also what its Job refers to. */
export function clusterTaskIssues(task: Task): TaskIssue[] {
  const issues = taskIssues(task);
  for (const field of ['namespace', 'uid'] as const) {
    const value: unknown = task.metadata?.[field];
    if (typeof value === 'string' && value !== '') continue;
    issues.push({
      path: `metadata.${field}`,
      message: 'is required: the API server gives it when the task is created',
    });
  }
  return issues;
}

function specIssues(spec: TaskSpec): TaskIssue[] {
  return [
    ...projectIssues(spec.projectId),
    ...textIssues(spec),
    ...imageIssues(spec.image),
    ...commandIssues(spec),
    ...environmentIssues(spec.environment ?? {}),
    ...resourceIssues(spec.resources ?? {}, 'spec.resources'),
    ...podSpecIssues(spec),
    ...payloadIssues(spec.payload ?? emptyPayload),
    ...scheduleIssues(spec),
  ];
}

function podSpecIssues(spec: TaskSpec): TaskIssue[] {
  const merged = withPodSpec(toPodSpec({ ...spec, podSpec: [] }), spec.podSpec ?? []);
  return 'issues' in merged ? [...merged.issues] : [];
}

/** A project stands in paths of the gateway and of managed content, where clients do not encode it (contract 2.4). */
function projectIssues(projectId: string): TaskIssue[] {
  if (projectId.length <= 63 && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(projectId)) return [];
  const message = `${JSON.stringify(projectId)} is no project: at most 63 letters, digits, ".", "_" and "-", with a letter or digit at both ends`;
  return [{ path: 'spec.projectId', message }];
}

/** Text that JSON cannot carry to an API server unchanged. */
function textIssues(spec: TaskSpec): TaskIssue[] {
  return Object.entries(spec).flatMap(([field, value]) =>
    field !== 'payload' && typeof value === 'string' && !value.isWellFormed()
      ? [{ path: `spec.${field}`, message: 'holds half of a surrogate pair, which has no bytes in UTF-8' }]
      : [],
  );
}

function imageIssues(image: string): TaskIssue[] {
  if (!/^\s|\s$/.test(image)) return [];
  return [{ path: 'spec.image', message: `${JSON.stringify(image)} begins or ends with white space` }];
}

function commandIssues(spec: TaskSpec): TaskIssue[] {
  const texts = [
    ...(spec.command ?? []).map((text, index) => ({ text, path: `spec.command[${index}]` })),
    ...(spec.args ?? []).map((text, index) => ({ text, path: `spec.args[${index}]` })),
  ];
  const issues = texts.flatMap(({ text, path }) => {
    const message = argumentFault('the argument', text);
    return message === undefined ? [] : [{ path, message }];
  });
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text, 'utf8'), 0);
  if (bytes > commandBytesMax) {
    const message = `command and args have ${bytes} bytes together, at most ${commandBytesMax} are allowed`;
    issues.push({ path: 'spec.args', message });
  }
  return issues;
}

function environmentIssues(environment: Record<string, string>): TaskIssue[] {
  const issues: TaskIssue[] = [];
  let bytes = 0;
  for (const [name, value] of Object.entries(environment)) {
    const path = memberPath('spec.environment', name);
    bytes += Buffer.byteLength(value, 'utf8');
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      const message = `${JSON.stringify(name)} is no variable's name: use letters, digits, "_", "." and "-", with a letter or "_" first`;
      issues.push({ path, message });
    }
    if (isOwnVariable(name)) issues.push({ path, message: `${name} is set by Fabric: choose another name` });
    const fault = argumentFault('the value', value);
    if (fault !== undefined) issues.push({ path, message: fault });
  }
  if (bytes > commandBytesMax) {
    const message = `the variables have ${bytes} bytes together, at most ${commandBytesMax} are allowed`;
    issues.push({ path: 'spec.environment', message });
  }
  return issues;
}
