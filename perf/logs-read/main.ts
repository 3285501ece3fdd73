/**
 * Reading a large log from managed content, beside `tail` and `grep` on the same bytes in a file.
 *
 *     node perf/logs-read/main.ts [--size 100MB|1GB] [--rounds 7] [--only TEXT]
 *
 * On a folder, and on MinIO where it can be had. Managed content is a process of its own, and new for each store; file
 * and log are in the page cache. Programs and content are asked in turn; medians of the rounds.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { s3Absence, s3Servers } from '../../harness/stores/minio.ts';
import { median } from '../apiserver/statistics.ts';
import { bytesOf } from '../size.ts';
import { logOf, type PerfLog, ship, writeFile } from './log.ts';
import { ask, type Question, questions, runProgram } from './questions.ts';
import { startContentProcess } from './serve.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '100MB' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const asked = questions.filter(({ name }) => name.includes(values.only));
type Store = 'folder' | 's3';

async function measure(store: Store, place: string, log: PerfLog, file: string): Promise<void> {
  const shipping = await startContentProcess(place);
  const seconds = await ship(shipping.url, log);
  await shipping.stop();
  const content = await startContentProcess(place);
  await ask(content.url, log, questions[0] as Question);
  const idleMiB = content.residentMiB();
  let highestMiB = idleMiB;
  const watching = setInterval(() => {
    highestMiB = Math.max(highestMiB, content.residentMiB());
  }, 10);
  const rows = [];
  for (const question of asked) rows.push(await measured(store, content.url, log, question, file));
  clearInterval(watching);
  await content.stop();
  const rate = (log.sizeBytes / 1e6 / seconds).toFixed(1);
  const memory = (highestMiB - idleMiB).toFixed(0);
  process.stdout.write(
    `\n${store}, ${log.sizeBytes / 1e6} MB, load ${loadavg()[0]?.toFixed(1)}: taken at ${rate} MB/s; while it was read ${memory} MiB above ${idleMiB.toFixed(0)} MiB\n\n` +
      `| | ms | program, ms | bound |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`,
  );
}

async function measured(store: Store, url: string, log: PerfLog, question: Question, file: string): Promise<string> {
  const program = question.program?.(file);
  const [own, beside]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const programMs = program ? runProgram(program) : 0;
    const ownMs = await ask(url, log, question);
    if (round < 0) continue;
    own.push(ownMs);
    beside.push(programMs);
  }
  const bound = boundOf(store, question, median(beside));
  const took = median(own).toFixed(1);
  const shown = bound !== undefined && median(own) > bound ? `**${took}**` : took;
  const besideShown = program ? `${median(beside).toFixed(1)} (${program[0]})` : '';
  return `| ${question.name} | ${shown} | ${besideShown} | ${bound?.toFixed(0) ?? ''} |`;
}

function boundOf(store: Store, { bound }: Question, programMs: number): number | undefined {
  if (store === 's3') return bound.s3Ms;
  return bound.timesProgram === undefined ? bound.folderMs : bound.timesProgram * programMs;
}

const folder = mkdtempSync(join(tmpdir(), 'orrery-logs-read-'));
try {
  const log = logOf(bytesOf(values.size));
  const file = join(folder, 'log.txt');
  await writeFile(file, log);
  mkdirSync(join(folder, 'content'));
  await measure('folder', join(folder, 'content'), log, file);
  const [server] = s3Servers(process.env).values();
  if (server) {
    const running = await server();
    await measure('s3', running.url, log, file).finally(() => running.end());
  } else {
    process.stdout.write(`\nS3 was left out: ${s3Absence}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
