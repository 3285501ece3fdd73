/** What `orrery perf logs` calls right and wrong: the ledger is held against the log itself. */
import { describe, expect, it } from 'vitest';
import { lineBytes } from '../../fixtures/actor/log-lines.ts';
import type { JobLog } from './log-run.ts';
import { contradiction, type LogReport, missingOf, rate, reportText } from './report.ts';

const lines = 100;
const sizeBytes = lines * lineBytes;

function job(changes: Partial<JobLog> = {}): JobLog {
  return {
    task: 'logs-log-1',
    durationMs: 1_000,
    storedBytes: sizeBytes,
    storedLines: lines,
    complete: true,
    missing: [],
    isWhole: true,
    verdict: { lines, gaps: [], damaged: 0, others: 0 },
    ...changes,
  };
}

/** Lines 10 to 19 and 40 to 44 are missing, and the last five. */
const torn = job({
  complete: false,
  isWhole: false,
  storedLines: 80,
  verdict: {
    lines: 80,
    gaps: [
      { first: 10, last: 19 },
      { first: 40, last: 44 },
    ],
    damaged: 0,
    others: 0,
  },
  missing: [
    { afterLine: 10, reason: 'rotated' },
    { afterLine: 30, reason: 'rotated' },
    { afterLine: 80, reason: 'the pod is gone' },
  ],
});

describe('a ledger is contradicted', () => {
  it('not when the log is whole and it says so', () => {
    expect(contradiction(job(), sizeBytes)).toBeUndefined();
  });

  it('not when it names each gap where it is', () => {
    expect(missingOf(torn, sizeBytes)).toEqual({ bytes: 20 * lineBytes, gaps: 3 });
    expect(contradiction(torn, sizeBytes)).toBeUndefined();
  });

  it('when a gap is not named, wherever it is', () => {
    for (const left of torn.missing) {
      const missing = torn.missing.filter((gap) => gap !== left);
      expect(contradiction({ ...torn, missing }, sizeBytes)).toContain(`missing after line ${left.afterLine}`);
    }
  });

  it('when a gap is named at another place', () => {
    const missing = torn.missing.map((gap) => ({ ...gap, afterLine: gap.afterLine + 1 }));
    expect(contradiction({ ...torn, missing }, sizeBytes)).toContain('missing after line 10');
  });

  it('not when a full ledger says up to where it names no more', () => {
    const missing = [{ afterLine: 30, reason: 'further gaps up to this line are not named one by one' }];
    expect(contradiction({ ...torn, missing }, sizeBytes)).toContain('missing after line 80');
    const all = [...missing, { afterLine: 80, reason: 'the pod is gone' }];
    expect(contradiction({ ...torn, missing: all }, sizeBytes)).toBeUndefined();
  });

  it('when it says complete and the bytes are others, and the other way round', () => {
    expect(contradiction(job({ isWhole: false }), sizeBytes)).toContain('not the written ones');
    expect(contradiction(job({ complete: false }), sizeBytes)).toContain('are the written ones');
  });

  it('not when it only doubts that the log is whole', () => {
    const missing = [{ afterLine: 10, reason: 'the log was rotated: files may have been lost' }];
    expect(contradiction(job({ complete: false, missing }), sizeBytes)).toBeUndefined();
  });

  it('when it names nothing and is not complete, or lines are damaged', () => {
    expect(contradiction(job({ complete: false, isWhole: false }), sizeBytes)).toContain('names nothing');
    const verdict = { lines, gaps: [], damaged: 1, others: 0 };
    expect(contradiction(job({ verdict }), sizeBytes)).toContain('1 lines are damaged');
  });
});

describe('the report', () => {
  const memory = { operator: 100 * 1024 * 1024, gateway: 0, content: 0 };
  const text = (each: JobLog) => reportText(reportOf(each));
  const reportOf = (each: JobLog): LogReport => ({
    environment: 'sim',
    sizeBytes: 100_000_000,
    blobs: 'a folder',
    run: {
      durationMs: 10_000,
      jobs: [each],
      idle: memory,
      largest: { ...memory, operator: 130 * 1024 * 1024 },
      work: { operator: 1.5, gateway: 0.1, content: 0 },
    },
    ownUploadMs: 2_000,
    clusterAlone: { durationMs: 5_000, bytes: 100_000_000 },
  });

  it('tells rates in megabytes a second, and of what Fabric reaches how much', () => {
    expect(rate(1_000_000, 500)).toBe(2);
    expect(text(job())).toMatch(/through Fabric +10\.0 MB\/s/);
    expect(text(job())).toMatch(/own upload +50\.0 MB\/s.*reaches 20 %/);
    expect(text(job())).toMatch(/cluster alone +20\.0 MB\/s.*reaches 50 %/);
    expect(text(job())).toMatch(/operator +130 MiB resident at most, 30 MiB above idle, 1\.5 s/);
    expect(text(job())).toMatch(/content +memory is not known/);
  });

  it('leaves the cluster alone out when it was not measured', () => {
    const { clusterAlone: _, ...rest } = reportOf(job());
    expect(reportText(rest)).not.toContain('cluster alone');
  });

  it('tells what is missing beside what the ledger says', () => {
    expect(text(job())).toContain('whole: 100 lines, the checksum is right');
    expect(text(torn)).toContain('after line 10: rotated; after line 30: rotated; after line 80: the pod is gone');
  });
});
