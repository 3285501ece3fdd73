/** Reports of differences from real clusters, as fixtures/reports keeps them: see its README. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Request {
  /** `METHOD host/path`. */
  readonly send: string;
  readonly body?: object;
  /** Name to a pattern of the answer's text with one group. */
  readonly keep?: Readonly<Record<string, string>>;
}

export type Step = Request | { /** Virtual seconds. */ readonly wait: number };

interface Asked {
  readonly asked: string;
  /** A text, a number, or JSON of which the answer has at least the members. */
  readonly right: unknown;
}

export interface RequestCheck extends Asked, Request {
  readonly show: string;
}

export interface EndCheck extends Asked {
  /** Command of the start, in the project's folder. */
  readonly up: readonly string[];
  readonly signal: NodeJS.Signals;
}

export type Check = RequestCheck | EndCheck;

export interface Report {
  /** Its file's, without ending. */
  readonly name: string;
  readonly title: string;
  readonly judge: string;
  readonly before: readonly Step[];
  readonly checks: readonly Check[];
}

const folder = new URL('../../fixtures/reports/', import.meta.url);

export function readReports(): Report[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const read = parse(readFileSync(new URL(file, folder), 'utf8'), { merge: true }) as Omit<Report, 'name'>;
      return { ...read, name: file.replace(/\.yaml$/, ''), before: read.before ?? [] };
    });
}

/** True for those that are played in virtual time, in this process. */
export function isRequest(check: Check): check is RequestCheck {
  return 'send' in check;
}

/** True for those that are about a process of its own. */
export function isEnd(check: Check): check is EndCheck {
  return 'up' in check;
}
