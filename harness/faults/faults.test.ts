/** Faults as documents: each kind is read as it is written, and what is wrong is named by its field. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apiFaultKinds } from '../../simulator/apiserver/faults/fault.ts';
import { packageFolder } from '../package.ts';
import { parseFault, parseInjectedFault } from './faults.ts';

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
    [{ kind: 'watch-lag', minimumMs: 5, maximumMs: 1 }, 'maximumMs must be a whole number from 5 on, not 1'],
    [{ kind: 'watch-lag', minimumMs: 0.5, maximumMs: 1 }, 'minimumMs must be a whole number from 0 on, not 0.5'],
    [{ kind: 'write-conflicts', verb: 'push' }, 'verb must be one of get, list'],
    [{ kind: 'requests-refused', status: 200 }, 'status must be a whole number from 400 to 599, not 200'],
    [{ kind: 'answers-lost', how: 'reset', probability: 2 }, 'probability must be a number from 0 to 1'],
    [{ kind: 'api-restart' }, 'downMs must be a whole number from 0 on, and is missing'],
    [{ kind: 'storm' }, 'api-restart, not "storm"'],
  ])('%j is refused', (document, words) => expect(() => parseFault(document)).toThrow(words));
});

describe('a field that no fault has is refused, with the nearest one', () => {
  test.each([
    [
      { kind: 'loss', probabilty: 0.5, side: 'request' },
      'probabilty is no field of a fault of kind loss (did you mean probability?)',
    ],
    [
      { kind: 'write-conflicts', probabilty: 0.5 },
      'probabilty is no field of a fault of kind write-conflicts (did you mean probability?)',
    ],
    [{ kind: 'latency', minMs: 1, maximumMs: 2 }, 'minMs is no field of a fault of kind latency'],
    [{ kind: 'latency', minMs: 1, maximumMs: 2 }, 'minimumMs must be a whole number from 0 on, and is missing'],
    [{ kind: 'partition', form: 'operator' }, 'form is no field of a fault of kind partition (did you mean from?)'],
    [
      { kind: 'partition', caller: 'operator' },
      'caller is no field of a fault of kind partition: there are kind, from, to',
    ],
    [{ kind: 'kill', service: 'gateway', from: 'x' }, 'from is no field of a fault of kind kill'],
    [{ kind: 'api-restart', downMs: 1, caller: 'operator' }, 'caller is no field of a fault of kind api-restart'],
    [{ kind: 'reset', __proto__x: 1 }, '__proto__x is no field'],
    [JSON.parse('{"kind": "reset", "__proto__": 1}'), '__proto__ is no field'],
  ])('%j', (document, words) => expect(() => parseFault(document)).toThrow(words));

  test.each([
    [{ kind: 'los' }, 'not "los" (did you mean loss?)'],
    [{ kind: 'constructor' }, 'kind must be one of latency, loss'],
    [{ Kind: 'loss' }, 'kind must be one of latency, loss'],
    [{ kind: 'kill', service: 'gatway' }, 'not "gatway" (did you mean gateway?)'],
    [{ kind: 'loss', probability: '0.5', side: 'request' }, 'probability must be a number from 0 to 1, not "0.5"'],
    [{ kind: 'loss', probability: Number.NaN, side: 'request' }, 'probability must be a number from 0 to 1, not NaN'],
    [{ kind: 'loss', probability: 1.5, side: 'request' }, 'not 1.5'],
    [{ kind: 'loss', probability: 0.5, side: 'both' }, 'side must be one of request, response, not "both"'],
    [{ kind: 'status', status: 429.5 }, 'status must be a whole number from 200 to 599, not 429.5'],
    [
      { kind: 'status', status: 503, retryAfterSeconds: null },
      'retryAfterSeconds must be a whole number from 0 on, not null',
    ],
    [{ kind: 'slow-body', bytesPerSecond: 0 }, 'bytesPerSecond must be a whole number from 1 on, not 0'],
    [{ kind: 'partition', from: 7 }, 'from must be a text that is not empty, not 7'],
    [{ kind: 'partition', to: '' }, 'to must be a text that is not empty, not ""'],
    ['loss', 'must be an object with a kind'],
    [undefined, 'must be an object with a kind'],
  ])('and so is what is wrong in one that is known: %j', (document, words) =>
    expect(() => parseFault(document)).toThrow(words),
  );

  test('in scenarios too, where a service is killed by its own verb', () => {
    expect(() => parseInjectedFault({ kind: 'kill', service: 'gateway' })).toThrow("when.dies('gateway')");
    expect(parseInjectedFault({ kind: 'reset' })).toEqual({ kind: 'reset' });
  });
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
