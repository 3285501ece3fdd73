/** What is asked of a log, and the program that answers the same of a file, if there is one. */
import { execFileSync } from 'node:child_process';
import { type PerfLog, soughtLines, soughtText, timeOfLine } from './log.ts';

export interface Question {
  readonly name: string;
  /** Of managed content. */
  query(log: PerfLog): string;
  /** Until the first row has come, instead of all. */
  readonly untilFirst?: true;
  /** Rows of the whole answer. */
  rows(log: PerfLog): number;
  /** The program beside it, run on the same bytes in a file. */
  readonly program?: (file: string) => readonly [string, ...string[]];
  /** Milliseconds on a folder and on S3, of a log of 1 GB; or so many times as long as the program. */
  readonly bound: { readonly folderMs?: number; readonly s3Ms?: number; readonly timesProgram?: number };
}

const contains = `contains=${encodeURIComponent(soughtText)}`;
const hundred = () => 100;

export const questions: readonly Question[] = [
  {
    name: 'last 100 rows',
    query: () => 'sort=newest&limit=100',
    rows: hundred,
    program: (file) => ['tail', '-n', '100', file],
    bound: { folderMs: 20, s3Ms: 60 },
  },
  {
    name: '100 rows in the middle, by line',
    query: ({ lines }) => `limit=100&after=${Math.floor(lines / 2)}`,
    rows: hundred,
    bound: { folderMs: 30, s3Ms: 60 },
  },
  {
    name: '100 rows in the middle, by time',
    query: ({ lines }) => `limit=100&after=${timeOfLine(Math.floor(lines / 2))}`,
    rows: hundred,
    bound: { folderMs: 30, s3Ms: 60 },
  },
  {
    name: '100 rows of the middle, by offset from the newest',
    query: ({ lines }) => `limit=100&sort=newest&offset=${Math.floor(lines / 2)}`,
    rows: hundred,
    bound: { folderMs: 30, s3Ms: 60 },
  },
  {
    name: `a text, ${soughtLines} hits`,
    query: () => contains,
    rows: () => soughtLines,
    program: (file) => ['grep', '-cF', soughtText, file],
    bound: { timesProgram: 1.3 },
  },
  {
    name: 'the same, until the first hit (99 MB behind the beginning)',
    query: () => contains,
    untilFirst: true,
    rows: () => soughtLines,
    bound: { folderMs: 100 },
  },
  {
    name: 'the same, newest first',
    query: () => `${contains}&sort=newest`,
    rows: () => soughtLines,
    bound: {},
  },
  {
    name: 'the same, in either case',
    query: () => `contains=${encodeURIComponent(soughtText.toLowerCase())}&ignoreCase=true`,
    rows: () => soughtLines,
    program: (file) => ['grep', '-ciF', soughtText, file],
    bound: {},
  },
  {
    name: 'a text that is not there',
    query: () => 'contains=line+9999999999',
    rows: () => 0,
    program: (file) => ['grep', '-cF', 'line 9999999999', file],
    bound: { timesProgram: 1.3 },
  },
];

/** Milliseconds until the answer, or its first row, is here. */
export async function ask(url: string, log: PerfLog, question: Question): Promise<number> {
  const path = `${url}/internal/logs/perf/read/rows?${question.query(log)}`;
  const begin = performance.now();
  const answer = await fetch(path, { headers: { accept: 'application/x-ndjson' } });
  let firstMs: number | undefined;
  let lines = 0;
  for await (const chunk of answer.body ?? []) {
    firstMs ??= performance.now() - begin;
    for (const byte of chunk) if (byte === 0x0a) lines += 1;
  }
  const wholeMs = performance.now() - begin;
  const rows = lines - 1;
  if (rows !== question.rows(log)) throw new Error(`${path} gave ${rows} rows, not ${question.rows(log)}`);
  return question.untilFirst ? (firstMs ?? wholeMs) : wholeMs;
}

/** Milliseconds of the program, its start included. `grep` ends with 1 where it finds nothing. */
export function runProgram([program, ...parameters]: readonly [string, ...string[]]): number {
  const begin = performance.now();
  try {
    execFileSync(program, parameters, { env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    if (!(error instanceof Error && 'status' in error && error.status === 1)) throw error;
  }
  return performance.now() - begin;
}
