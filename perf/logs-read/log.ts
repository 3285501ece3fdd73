/**
 * The log that is read: the actor's lines, some of which hold a text that is looked for. As a file beside it, for
 * `tail` and `grep`.
 */
import { createWriteStream } from 'node:fs';
import { LogLines, lineBytes } from '../../fixtures/actor/log-lines.ts';

export const soughtText = 'ERROR: upstream closed the connection';
/** Lines with that text. */
export const soughtLines = 50;
/** The first of them stands so many bytes before the end of the first 100 MB. */
const firstHitBytes = 99_000_000;
/** As the shipper sends them. */
const batchLines = 50_000;
const linesPerSecond = 10_000;
const startAt = Date.UTC(2026, 0, 1);

export interface PerfLog {
  readonly lines: number;
  readonly sizeBytes: number;
}

export function logOf(sizeBytes: number): PerfLog {
  return { lines: Math.floor(sizeBytes / lineBytes), sizeBytes };
}

/** Line numbers that hold the text: in 100 MB the last, in more from there on evenly. */
export function soughtIn({ lines }: PerfLog): Set<number> {
  const first = Math.min(Math.floor(firstHitBytes / lineBytes), Math.floor(lines * 0.9));
  const step = Math.max(1, Math.floor((lines - first) / soughtLines));
  return new Set(Array.from({ length: soughtLines }, (_, index) => first + index * step));
}

/** The instant of a line, RFC 3339. */
export function timeOfLine(line: number): string {
  const second = new Date(startAt + Math.floor(line / linesPerSecond) * 1000).toISOString().slice(0, 19);
  return `${second}.${String((line % linesPerSecond) * (1e9 / linesPerSecond)).padStart(9, '0')}Z`;
}

/** Batches of lines without times. */
export function* batchesOf(log: PerfLog): Generator<{ readonly line: number; readonly lines: readonly string[] }> {
  const sought = soughtIn(log);
  const all = new LogLines();
  for (let line = 0; line < log.lines; ) {
    const first = line;
    const lines: string[] = [];
    while (line < log.lines && lines.length < batchLines) {
      const block = all.take(Math.min(log.lines - line, batchLines - lines.length)).toString('latin1');
      for (const text of block.split('\n').slice(0, -1)) {
        lines.push(sought.has(line) ? `${text.slice(0, -soughtText.length)}${soughtText}` : text);
        line += 1;
      }
    }
    yield { line: first, lines };
  }
}

/** The file that `tail` and `grep` read. */
export async function writeFile(path: string, log: PerfLog): Promise<void> {
  const file = createWriteStream(path);
  for (const { lines } of batchesOf(log)) {
    if (!file.write(`${lines.join('\n')}\n`)) await new Promise<void>((resolve) => file.once('drain', () => resolve()));
  }
  await new Promise<void>((resolve) => file.end(() => resolve()));
}

/** Hands the log to managed content; how many seconds it took to take it. */
export async function ship(url: string, log: PerfLog): Promise<number> {
  let took = 0;
  for (const { line, lines } of batchesOf(log)) {
    const body = lines.map((text, index) => `${timeOfLine(line + index)} ${text}\n`).join('');
    const complete = line + lines.length === log.lines;
    const begin = performance.now();
    const path = `${url}/internal/logs/perf/read?line=${line}&complete=${complete}`;
    const answer = await fetch(path, { method: 'POST', body });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
    took += performance.now() - begin;
  }
  return took / 1000;
}
