/**
 * The log of a run that has ended, asked for in every way that a client may: as one text, as rows, as the raw file, as
 * parts of it, followed. Each answer is compared with the log as managed content has it.
 */
import type { GatewayAnswer } from '../../environments/environment.ts';
import type { StoredLog, TaskRecord } from '../../recording/recording.ts';
import { projectPath, type Question, tasksPath } from './question.ts';

/** Larger ones take more than a few requests may. */
export const askedBytesMax = 64 * 1024;

export interface AskedLog {
  readonly record: TaskRecord;
  readonly stored: StoredLog;
  readonly text: string;
}

interface Row {
  readonly line: number;
  readonly text: string;
  readonly timestamp: string;
}

/** All questions about one log. */
export function logQuestions(project: string, log: AskedLog): Question[] {
  const path = `${tasksPath(project)}/${encodeURIComponent(log.record.name)}/logs`;
  return [
    textQuestion(path, log),
    { words: 'the raw log', path: `${path}?raw=true`, objection: (answer) => isText(answer, 200, log.text) },
    ...rowQuestions(path, log),
    followQuestion(path, log),
    ...(isAscii(log.text) ? [...eventQuestions(path, log), ...rangeQuestions(project, log)] : []),
  ];
}

function textQuestion(path: string, { text }: AskedLog): Question {
  return {
    words: 'the log as one text',
    path,
    objection(answer) {
      const status = isStatus(answer, 200);
      if (status !== undefined) return status;
      return differs(answer.json<{ logs?: string }>().logs ?? '', text);
    },
  };
}

/** Bytes are characters here, and a part of the text is that part of its bytes. */
function isAscii(text: string): boolean {
  return [...text].every((character) => character < '\u0080');
}

/** The first, the last, the middle, one from the end, and one behind it (RFC 9110 14). */
function rangeQuestions(project: string, { stored, text }: AskedLog): Question[] {
  const size = text.length;
  if (size < 4) return [];
  const middle = Math.floor(size / 2);
  const path = `${projectPath(project)}/content/${stored.key}`;
  const part = (range: string, start: number, end: number): Question => ({
    words: `${range} of the stored log`,
    path,
    request: { headers: { range } },
    objection(answer) {
      const wanted = `bytes ${start}-${end - 1}/${size}`;
      const got = answer.header('content-range');
      if (answer.status === 206 && got !== wanted) return `its content-range is ${got}, not ${wanted}`;
      return isText(answer, 206, text.slice(start, end));
    },
  });
  return [
    part('bytes=0-0', 0, 1),
    part(`bytes=1-${middle}`, 1, middle + 1),
    part(`bytes=${middle}-`, middle, size),
    part('bytes=-2', size - 2, size),
    part(`bytes=${size - 1}-${size + 99}`, size - 1, size),
    {
      words: 'a part behind the end of the stored log',
      path,
      request: { headers: { range: `bytes=${size}-` } },
      objection: (answer) => isStatus(answer, 416),
    },
  ];
}

/** Rows from either end, behind some, before and after a line. */
function rowQuestions(path: string, { record, text }: AskedLog): Question[] {
  const lines = linesOf(text);
  const count = lines.length;
  const middle = Math.floor(count / 2);
  const all = lines.map((_, index) => index);
  const asked = (query: string, wanted: readonly number[], matching: number): Question => ({
    words: `the rows of the log with ${query === '' ? 'no query' : query}`,
    path: `${path}?format=rows&${query}`,
    objection(answer) {
      const status = isStatus(answer, 200);
      if (status !== undefined) return status;
      const page = answer.json<{ rows: Row[]; matching: number }>();
      if (page.matching !== matching) return `${page.matching} match, not ${matching}`;
      return rowsObjection(page.rows, wanted, lines) ?? timesObjection(page.rows, record);
    },
  });
  return [
    asked('limit=0', all, count),
    asked('limit=2&offset=1', all.slice(1, 3), count),
    asked('limit=2&offset=1&sort=newest', all.toReversed().slice(1, 3), count),
    asked(`limit=0&after=${middle}`, all.slice(middle + 1), Math.max(0, count - middle - 1)),
    asked(`limit=0&before=${middle}`, all.slice(0, middle), middle),
  ];
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function rowsObjection(rows: readonly Row[], wanted: readonly number[], lines: readonly string[]): string | undefined {
  const numbers = rows.map(({ line }) => line);
  if (numbers.join() !== wanted.join()) return `they are the lines ${numbers.join()}, not ${wanted.join()}`;
  const odd = rows.find(({ line, text }) => text !== lines[line]);
  return odd && `line ${odd.line} is ${shown(odd.text)}, not ${shown(lines[odd.line] ?? '')}`;
}

/** Clocks of nodes differ a little, and times of Kubernetes have whole seconds. */
const clockSlackMs = 3000;
/** A run that is deleted has ended by its record, and its pod may write until its grace period is over. */
const gracePeriodMs = 30_000;

function timesObjection(rows: readonly Row[], { startTime, endTime, state }: TaskRecord): string | undefined {
  const lateMs = clockSlackMs + (state === 'CANCELLED' ? gracePeriodMs : 0);
  const odd = rows.find(({ timestamp }) => {
    const at = Date.parse(timestamp);
    const isBefore = startTime !== undefined && at < startTime - clockSlackMs;
    return Number.isNaN(at) || isBefore || (endTime !== undefined && at > endTime + lateMs);
  });
  return odd && `line ${odd.line} has the time ${odd.timestamp}, which is not of the run`;
}

/** As the existing command line follows: without an Accept header, events that are put together line by line. */
function followQuestion(path: string, { text }: AskedLog): Question {
  return {
    words: 'the log as it is followed',
    path: `${path}?follow=true`,
    objection(answer) {
      const status = isStatus(answer, 200);
      if (status !== undefined) return status;
      const lines = eventsOf(answer.text).flatMap(({ log }) => log.split('\n'));
      return differs(lines.filter(Boolean).join('\n'), linesOf(text).filter(Boolean).join('\n'));
    },
  };
}

/** As standard server-sent events, from the beginning and from the middle on. */
function eventQuestions(path: string, { text }: AskedLog): Question[] {
  const middle = Math.floor(text.length / 2);
  return [0, middle].map((offset) => ({
    words: `the events of the log from byte ${offset} on`,
    path: `${path}?follow=true`,
    request: {
      headers: { accept: 'text/event-stream', ...(offset > 0 ? { 'last-event-id': String(offset) } : {}) },
    },
    objection(answer) {
      const status = isStatus(answer, 200);
      if (status !== undefined) return status;
      const events = eventsOf(answer.text);
      const last = events.at(-1)?.id ?? String(offset);
      const told = events.map(({ log }) => log).join('');
      const objection = differs(told, text.slice(offset));
      return objection ?? (last === String(text.length) ? undefined : `the last id is ${last}, not ${text.length}`);
    },
  }));
}

interface LogEvent {
  readonly id: string | undefined;
  readonly log: string;
}

/** Heartbeats left out. */
function eventsOf(body: string): LogEvent[] {
  return body.split('\n\n').flatMap((event) => {
    const data = /^data: (\{.*)$/m.exec(event)?.[1];
    const id = /^id: (.*)$/m.exec(event)?.[1];
    return data === undefined ? [] : [{ id, log: (JSON.parse(data) as { log: string }).log }];
  });
}

function isStatus(answer: GatewayAnswer, wanted: number): string | undefined {
  return answer.status === wanted
    ? undefined
    : `it answered ${answer.status}, not ${wanted}: ${answer.text.slice(0, 200)}`;
}

function isText(answer: GatewayAnswer, status: number, text: string): string | undefined {
  return isStatus(answer, status) ?? differs(answer.text, text);
}

function differs(got: string, wanted: string): string | undefined {
  if (got === wanted) return undefined;
  return `it is ${shown(got)} (${got.length} characters), not ${shown(wanted)} (${wanted.length})`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 40)}…${text.slice(-40)}` : text);
}
