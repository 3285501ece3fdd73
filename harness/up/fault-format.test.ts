/** Faults as documents: each kind is read as it is written, and what is wrong is named by its field. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apiFaultKinds } from '../../simulator/apiserver/faults/fault.ts';
import { packageFolder } from '../package.ts';
import { parseFault } from './fault-format.ts';

const span = { minimumMs: 1, maximumMs: 2 };
const target = { caller: 'operator', verb: 'write', resource: 'jobs.batch', namespace: 'fabric' };

const documents: Readonly<Record<(typeof apiFaultKinds)[number], object>> = {
  'write-conflicts': { ...target, probability: 0.5 },
  'stale-reads': { ...target, ...span, reads: 'all' },
  'watch-lag': { ...target, ...span },
  'watch-events-lost': { ...target, probability: 0.5 },
  'watch-events-repeated': { ...target, probability: 0.5 },
  'watch-cut': { ...target, ...span, how: 'expired' },
  'watch-expired': { ...target, probability: 0.5 },
  'requests-refused': { ...target, status: 429, probability: 0.5, retryAfterSeconds: 2 },
  'answers-lost': { ...target, probability: 0.5, how: 'silence' },
  'api-restart': { downMs: 1000 },
};

describe('a fault of the API', () => {
  test.each(apiFaultKinds)('%s is taken as it is written', (kind) => {
    const document = { kind, ...documents[kind] };
    expect(parseFault(document)).toEqual(document);
  });

  test('strikes always unless it says how often', () => {
    expect(parseFault({ kind: 'write-conflicts' })).toEqual({ kind: 'write-conflicts', probability: 1 });
  });

  test.each([
    [{ kind: 'watch-cut', ...span, how: 'softly' }, 'how must be one of end, reset, expired, error'],
    [{ kind: 'watch-lag', minimumMs: 5, maximumMs: 1 }, 'maximumMs must be a number from 5 on'],
    [{ kind: 'write-conflicts', verb: 'push' }, 'verb must be one of get, list'],
    [{ kind: 'requests-refused', status: 200 }, 'status must be a number from 400 to 599'],
    [{ kind: 'answers-lost', how: 'reset', probability: 2 }, 'probability must be a number from 0 to 1'],
    [{ kind: 'api-restart' }, 'downMs must be a number'],
    [{ kind: 'storm' }, 'api-restart, not "storm"'],
  ])('%j is refused', (document, words) => expect(() => parseFault(document)).toThrow(words));
});

describe('docs/faults.md', () => {
  const page = readFileSync(join(packageFolder, 'docs', 'faults.md'), 'utf8');
  const shown = [...page.matchAll(/^\{"kind".*\}$/gm)].map(([line]) => JSON.parse(line) as { kind: string });

  test('shows every kind, as it is taken', () => {
    const network = ['latency', 'loss', 'reset', 'partition', 'refuse', 'status', 'slow-body', 'kill'];
    expect(shown.map(({ kind }) => kind).sort()).toEqual([...apiFaultKinds, ...network].sort());
    for (const document of shown) expect(parseFault(document).kind).toBe(document.kind);
  });

  test('names every fault of the API in its table', () => {
    expect(apiFaultKinds.filter((kind) => !page.includes(`| \`${kind}\` |`))).toEqual([]);
  });
});
