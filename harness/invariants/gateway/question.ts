/** One question that a client asks the gateway, and what the answer must be. */
import type { GatewayAnswer, GatewayRequest } from '../../environments/environment.ts';
import type { TaskRecord } from '../../recording/recording.ts';

export interface Question {
  /** What is asked, for the message of an answer that is wrong. */
  readonly words: string;
  readonly path: string;
  readonly request?: GatewayRequest;
  /** Why the answer is wrong; undefined when it is right. */
  objection(answer: GatewayAnswer): string | undefined;
}

/** Base of a project's paths. */
export function projectPath(project: string): string {
  return `/fabric/v4/projects/${encodeURIComponent(project)}`;
}

export function tasksPath(project: string, query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString();
  return `${projectPath(project)}/tasks${text === '' ? '' : `?${text}`}`;
}

/** The records of a list's answer, or why there are none. */
export function rowsOf(answer: GatewayAnswer): readonly TaskRecord[] | string {
  if (answer.status !== 200) return `it answered ${answer.status}: ${answer.text.slice(0, 200)}`;
  const { success, tasks } = answer.json<{ success?: unknown; tasks?: TaskRecord[] }>();
  return success === true && Array.isArray(tasks) ? tasks : `no list: ${answer.text.slice(0, 200)}`;
}

/** What tells records apart: a run by its Job, a Task that never had one by its name and the instant it was made. */
export function identityOf(record: TaskRecord): string {
  return record.uid ?? `${record.name} of ${String(record.createdAt)}`;
}

/** Why the rows are not the wanted ones, whatever their order. */
export function setObjection(rows: readonly TaskRecord[], wanted: readonly TaskRecord[]): string | undefined {
  const got = new Set(rows.map(identityOf));
  if (got.size < rows.length) return 'a record stands there twice';
  const missing = wanted.find((record) => !got.has(identityOf(record)));
  if (missing) return `${missing.name} is missing (${rows.length} rows, wanted ${wanted.length})`;
  const right = new Set(wanted.map(identityOf));
  const odd = rows.find((record) => !right.has(identityOf(record)));
  return odd && `${odd.name} does not belong there (${rows.length} rows, wanted ${wanted.length})`;
}

/** Why the rows are not the wanted ones in that order. */
export function orderObjection(rows: readonly TaskRecord[], wanted: readonly TaskRecord[]): string | undefined {
  const objection = setObjection(rows, wanted);
  if (objection !== undefined) return objection;
  const at = wanted.findIndex((record, index) => identityOf(record) !== identityOf(rows[index] as TaskRecord));
  return at < 0 ? undefined : `row ${at} is ${rows[at]?.name}, not ${wanted[at]?.name}`;
}
