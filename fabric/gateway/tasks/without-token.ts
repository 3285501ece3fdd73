/**
 * Messages to jobs hold a token of whoever invoked (contract 4.4). Tasks and their records are read by others, to whom
 * it was not given: the contract never returns it (4.7). What users themselves have written stays as it is, a member
 * `token` included.
 */
import type { Job } from '../../../kubernetes/objects.ts';
import { isObject, jsonOrUndefined } from '../../http/index.ts';
import type { Task } from '../../task/index.ts';

/** The payload; of a message all but its token. */
export function withoutToken(payload: string): string {
  if (!payload.includes('"token"')) return payload;
  const message = jsonOrUndefined(payload);
  if (!isMessage(message)) return payload;
  const { token: _, ...rest } = message;
  return JSON.stringify(rest);
}

export function taskWithoutToken(task: Task): Task {
  const { spec } = task;
  return spec?.payload === undefined ? task : { ...task, spec: { ...spec, payload: withoutToken(spec.payload) } };
}

/** The payload is an argument there; its `$` are doubled, which leaves it JSON. */
export function jobWithoutToken(job: Job): Job {
  const { spec } = job;
  const pod = spec?.template.spec;
  if (!spec || !pod) return job;
  const containers = pod.containers.map((container) =>
    container.args ? { ...container, args: container.args.map(withoutToken) } : container,
  );
  return { ...job, spec: { ...spec, template: { ...spec.template, spec: { ...pod, containers } } } };
}

/** As `deliveredMessage` makes them. */
function isMessage(value: unknown): value is Readonly<Record<string, unknown>> {
  const isText = (member: string) => isObject(value) && typeof value[member] === 'string';
  return ['token', 'apiEndpoint', 'activationId', 'projectId'].every(isText);
}
