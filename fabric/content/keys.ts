/** Where a project's objects lie in the one store behind managed content. */
import { Problem } from '../http/index.ts';

/** What users see, by their own keys. */
export function contentKey(project: string, key: string): string {
  return `content/${project}/${key}`;
}

/** The user's key of an object. */
export function userKey(project: string, key: string): string {
  return key.slice(contentKey(project, '').length);
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

export function logKeys(project: string, folder: string): LogKeys {
  const inside = `logs/${project}/${folder}`;
  return {
    text: contentKey(project, logTextKey(folder)),
    times: `${inside}/times`,
    index: `${inside}/index`,
    state: `${inside}/state`,
  };
}

/** A project's name, or a log folder's, as it may stand in a key. */
export function checkName(what: string, name: string): string {
  if (name === '' || name.includes('/') || name.includes('\0') || name.length > 253) {
    throw new Problem(400, 'invalid-name', `${what} ${JSON.stringify(name.slice(0, 80))} is no name`);
  }
  return name;
}
