/** Where a project's objects lie in the one store behind managed content. */
import { Problem } from '../http/index.ts';

/** Bytes of a user's key in UTF-8. */
const keyBytesMaximum = 1_000;

/**
 * What users see, by their own keys, or by the beginning of one. A key that no store can hold is a 400, whatever is
 * done with it.
 */
export function contentKey(project: string, key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes > keyBytesMaximum) throw invalidKey(`has ${bytes} bytes in UTF-8: at most ${keyBytesMaximum} are possible`);
  if (key.includes('\0')) throw invalidKey('holds a zero byte');
  return projectPrefix(project) + key;
}

/** What the keys of a project's objects begin with. */
export function projectPrefix(project: string): string {
  return `content/${project}/`;
}

/** The project that an object counts for; undefined for what stands beside logs. */
export function projectOfKey(stored: string): string | undefined {
  return /^content\/([^/]+)\//.exec(stored)?.[1];
}

function invalidKey(why: string): Problem {
  return new Problem(400, 'invalid-key', `the key ${why}`);
}

/** The three objects of a log: its text, for users; its times and index, for queries; its state. */
export interface LogKeys {
  readonly text: string;
  readonly times: string;
  readonly index: string;
  readonly state: string;
}

/** The user's key of a log (contract 3.11). */
export function logTextKey(folder: string): string {
  return `tasks/${folder}/log.txt`;
}

/** The log's folder; undefined when the user's key is no log's. */
export function logFolderOf(key: string): string | undefined {
  return /^tasks\/([^/]+)\/log\.txt$/.exec(key)?.[1];
}

/** All objects that stand beside logs, of all projects. */
export const besideLogs = 'logs/';

/** Project and folder of an object beside a log. */
export function logOfKey(key: string): { readonly project: string; readonly folder: string } | undefined {
  const [, project, folder] = /^logs\/([^/]+)\/([^/]+)\/(?:times|index|state)$/.exec(key) ?? [];
  return project === undefined || folder === undefined ? undefined : { project, folder };
}

export function logKeys(project: string, folder: string): LogKeys {
  const inside = `${besideLogs}${project}/${folder}`;
  return {
    text: contentKey(project, logTextKey(folder)),
    times: `${inside}/times`,
    index: `${inside}/index`,
    state: `${inside}/state`,
  };
}
