/** A full server: tens of thousands of objects of four kinds, watches open on each kind. */
import { Watches } from './fan-out.ts';
import { continueOf, type Measure, type RequestMeasure } from './measures.ts';
import { collection, configMap, type Kind, kinds } from './objects.ts';
import { makeDefinition, makeNamespace } from './prepare.ts';
import { ask, headersOf, inTurn, poolOf, type Target } from './target.ts';

const atOnce = 32;
const namespaces = 50;
/** A selector by group finds one in so many. */
const groups = 200;
const chunk = 500;

const shares: readonly (readonly [Kind, number])[] = [
  [kinds.pods, 0.4],
  [kinds.jobs, 0.2],
  [kinds.configMaps, 0.2],
  [kinds.widgets, 0.2],
];

const namespaceOf = (index: number) => `bench-full-${index % namespaces}`;
const nameOf = (index: number) => `object-${String(index).padStart(6, '0')}`;

/** Stores so many objects; the seconds that it took. */
export async function fill(target: Target, objects: number): Promise<number> {
  const pool = poolOf(target, atOnce);
  try {
    for (let index = 0; index < namespaces; index++) await makeNamespace(pool, target, namespaceOf(index));
    await makeDefinition(pool, target);
    const begun = performance.now();
    for (const [kind, share] of shares) {
      await inTurn(objects * share, atOnce, (index) =>
        ask(pool, target, 'POST', collection(kind, namespaceOf(index)), kind.make(nameOf(index), index % groups)),
      );
    }
    return (performance.now() - begun) / 1000;
  } finally {
    await pool.destroy();
  }
}

/** As many on each kind, over all namespaces. */
export async function openFullWatches(target: Target, count: number): Promise<Watches> {
  const open = new Watches(target);
  for (const [kind] of shares) await open.open(kind, count / shares.length);
  return open;
}

export interface FirstLists {
  /** Seconds for all objects, a request for each kind. */
  readonly whole: number;
  /** In chunks of 500. */
  readonly chunked: number;
}

/** Reads all objects once, each way. */
export async function firstLists(target: Target): Promise<FirstLists> {
  return { whole: await timed(target, readWhole), chunked: await timed(target, readChunks) };
}

type Read = (get: (path: string) => Promise<Buffer>, kind: Kind) => Promise<void>;

async function timed(target: Target, read: Read): Promise<number> {
  const pool = poolOf(target, 1);
  const get = async (path: string) => {
    const answer = await pool.request({ method: 'GET', path, headers: headersOf(target) });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode !== 200) throw new Error(`${target.url}${path}: ${answer.statusCode} ${bytes}`);
    return bytes;
  };
  try {
    const begun = performance.now();
    for (const [kind] of shares) await read(get, kind);
    return (performance.now() - begun) / 1000;
  } finally {
    await pool.destroy();
  }
}

const readWhole: Read = async (get, kind) => void (await get(collection(kind)));

const readChunks: Read = async (get, kind) => {
  let token = '';
  do {
    const from = token === '' ? '' : `&continue=${token}`;
    const bytes = await get(`${collection(kind)}?limit=${chunk}${from}`);
    // In the list's metadata, before the items.
    token = continueOf(bytes.toString('latin1', 0, 1000));
  } while (token !== '');
};

/** What a client asks of a full server, of `objects` objects. */
export function fullMeasures(objects: number): Measure[] {
  const pods = objects * (shares[0]?.[1] ?? 0);
  const path = (index: number) => `${collection(kinds.pods, namespaceOf(index))}/${nameOf(index)}`;
  const steps = 7919;
  return [
    { name: 'get a pod', target: 5, requests: gets((number) => path((number * steps) % pods)) },
    {
      name: 'create config maps',
      target: 5,
      requests: (target, { next, prefix }) => [
        {
          setupRequest: (request) => {
            const number = next();
            const body = JSON.stringify(configMap(`${prefix}-${number}`));
            const where = collection(kinds.configMaps, namespaceOf(number));
            return { ...request, method: 'POST', path: where, body, headers: headersOf(target) };
          },
        },
      ],
    },
    {
      name: 'list the pods of a namespace',
      target: 3,
      path: (number) => collection(kinds.pods, namespaceOf(number)),
    },
    {
      name: 'list pods by label, all namespaces',
      target: 3,
      path: (number) => `${collection(kinds.pods)}?labelSelector=bench%2Fgroup%3Dg${number % groups}`,
    },
    {
      name: 'list pods by field, all namespaces',
      target: 3,
      path: (number) => `${collection(kinds.pods)}?fieldSelector=metadata.name%3D${nameOf((number * steps) % pods)}`,
    },
  ];
}

function gets(make: (number: number) => string): RequestMeasure['requests'] {
  return (target, { next }) => [
    { setupRequest: (request) => ({ ...request, method: 'GET', path: make(next()), headers: headersOf(target) }) },
  ];
}
