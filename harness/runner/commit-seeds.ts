/**
 * Seeds that follow from a commit: every commit is tried with others, and whoever has the commit has the seeds.
 * (TigerBeetle's simulator takes a commit's hash for a seed.)
 */
import { spawnSync } from 'node:child_process';
import { packageFolder, version } from '../package.ts';
import type { SeedRange } from '../reports/seeds.ts';

/** Eight digits, so that seeds stay readable. */
const hashDigits = 8;

export function seedsOf(commit: string, count: number): SeedRange {
  const digits = commit.slice(0, hashDigits);
  if (!/^[0-9a-f]{8}$/.test(digits)) throw new CommitError(commit);
  const first = Number.parseInt(digits, 16);
  return { first, last: first + count - 1 };
}

export class CommitError extends Error {
  override readonly name = 'CommitError';
  readonly commit: string;

  constructor(commit: string) {
    super(`${JSON.stringify(commit)} is no hash of a commit: at least ${hashDigits} digits of it are needed`);
    this.commit = commit;
  }
}

/** The hash of the commit that these sources are of; outside of a repository one that stands for the version. */
export function commitOfSources(): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: packageFolder, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : hashOf(version);
}

function hashOf(text: string): string {
  return Buffer.from(text).toString('hex').padEnd(hashDigits, '0').slice(0, hashDigits);
}
