/** `orrery perf logs` from end to end, with a log that is small. Its speed is nobody's business here. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { LogReport } from './report.ts';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const sizeBytes = 2_000_000;
const deadlineMs = 120_000;

it('two logs at once arrive whole, and the report says so', { timeout: deadlineMs }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-log-run-'));
  try {
    const json = join(folder, 'report.json');
    const flags = ['perf', 'logs', '--env', 'sim', '--size', `${sizeBytes}B`, '--jobs', '2', '--json', json];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...flags], { timeout: deadlineMs });
    expect(stdout).not.toContain('WRONG');
    expect(stdout.match(/whole: 15625 lines, the checksum is right/g)).toHaveLength(2);
    const { run, clusterAlone } = JSON.parse(readFileSync(json, 'utf8')) as LogReport;
    for (const job of run.jobs) {
      expect(job).toMatchObject({ complete: true, isWhole: true, missing: [], storedBytes: sizeBytes });
      expect(job.verdict).toEqual({ lines: sizeBytes / 128, gaps: [], damaged: 0, others: 0 });
    }
    expect(clusterAlone?.bytes).toBe(sizeBytes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
