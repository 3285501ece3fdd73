/** What is measured by requests in a row: how each is made, and how many times the real server's rate is asked for. */
import type { Request } from 'autocannon';
import { collection, configMap, job, type Kind, kinds } from './objects.ts';
import { places, workCount } from './prepare.ts';
import { headersOf, type Target } from './target.ts';

interface Named {
  readonly name: string;
  /** Least ratio of requests a second, of the design. */
  readonly target: number;
}

/** Small answers: sent by autocannon. */
export interface RequestMeasure extends Named {
  /** One round of requests, repeated by each connection. */
  requests(target: Target, run: Run): Request[];
  /** Leaves names for the deletion, or takes them from there. */
  readonly names?: 'left' | 'taken';
}

/** Large answers: read by undici, since autocannon makes text of each body, which costs more than the server's part. */
export interface ReadMeasure extends Named {
  /**
   * The path to read; `head` has the first bytes of the connection's answer before, which name the token of the next
   * chunk.
   */
  path(number: number, head: string): string;
}

export type Measure = RequestMeasure | ReadMeasure;
type Requests = RequestMeasure['requests'];

/** What one run of a measure counts by: numbers are given once. */
export interface Run {
  /** Unique for server, measure and round. */
  readonly prefix: string;
  next(): number;
  /** Names that creates have left for deletes. */
  readonly left: string[];
}

type Change = (number: number) => { readonly name: string; readonly body: string };

/** A request that is made anew each time. */
function anew(target: Target, make: (run: Run) => Partial<Request>, run: Run, contentType?: string): Request[] {
  const headers = headersOf(target, contentType);
  return [{ setupRequest: (request) => ({ ...request, headers, ...make(run) }) }];
}

const workName = (number: number) => `o${number % workCount}`;

function get(kind: Kind): Requests {
  return (target, run) =>
    anew(target, ({ next }) => ({ method: 'GET', path: `${collection(kind, places.work)}/${workName(next())}` }), run);
}

function create(kind: Kind): Requests {
  return (target, run) =>
    anew(
      target,
      ({ next, prefix, left }) => {
        const name = `${prefix}-${next()}`;
        left.push(name);
        return { method: 'POST', path: collection(kind, places.made), body: JSON.stringify(kind.make(name)) };
      },
      run,
    );
}

function change(method: 'PATCH' | 'PUT', type: string, kind: Kind, query: string, make: Change): Requests {
  return (target, run) =>
    anew(
      target,
      ({ next }) => {
        const { name, body } = make(next());
        return { method, path: `${collection(kind, places.work)}/${name}${query}`, body };
      },
      run,
      type,
    );
}

const annotated = (number: number) => ({
  name: workName(number),
  body: JSON.stringify({ metadata: { annotations: { 'bench/count': `${number}` } } }),
});

function applied(number: number) {
  const name = workName(number);
  const { apiVersion, kind, spec, metadata } = job(name);
  const annotations = { 'bench/applied': `${number}` };
  return {
    name,
    body: JSON.stringify({ apiVersion, kind, metadata: { name, labels: metadata.labels, annotations }, spec }),
  };
}

function pointed(number: number) {
  const operations = [{ op: 'add', path: '/metadata/annotations/bench~1pointed', value: `${number}` }];
  return { name: workName(number), body: JSON.stringify(operations) };
}

function replaced(number: number) {
  const name = workName(number);
  const object = configMap(name, number % 10);
  return { name, body: JSON.stringify({ ...object, data: { ...object.data, count: `${number}` } }) };
}

const list = (namespace: string) => () => collection(kinds.pods, namespace);

/** 500 objects in five answers, each asked for with the token of the one before. */
function chunks(_number: number, head: string): string {
  const token = continueOf(head);
  return `${collection(kinds.pods, places.fiveHundred)}?limit=100${token === '' ? '' : `&continue=${token}`}`;
}

/** Of a list, by its first bytes: the metadata stands before the items. Empty for the last chunk. */
export function continueOf(head: string): string {
  return /"continue":"([^"]+)"/.exec(head)?.[1] ?? '';
}

const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const apply = 'application/apply-patch+yaml';
const json = 'application/json-patch+json';

export const measures: readonly Measure[] = [
  { name: 'get a pod', target: 5, requests: get(kinds.pods) },
  { name: 'get a custom resource', target: 5, requests: get(kinds.widgets) },
  { name: 'create config maps', target: 5, requests: create(kinds.configMaps), names: 'left' },
  { name: 'delete config maps', target: 5, requests: deletions, names: 'taken' },
  { name: 'create pods', target: 5, requests: create(kinds.pods) },
  { name: 'create jobs', target: 5, requests: create(kinds.jobs) },
  { name: 'create custom resources', target: 5, requests: create(kinds.widgets) },
  {
    name: 'replace config maps',
    target: 5,
    requests: change('PUT', 'application/json', kinds.configMaps, '', replaced),
  },
  { name: 'merge patch of jobs', target: 5, requests: change('PATCH', merge, kinds.jobs, '', annotated) },
  { name: 'strategic merge patch of jobs', target: 5, requests: change('PATCH', strategic, kinds.jobs, '', annotated) },
  {
    name: 'apply of jobs',
    target: 5,
    requests: change('PATCH', apply, kinds.jobs, '?fieldManager=bench&force=true', applied),
  },
  { name: 'JSON patch of jobs', target: 5, requests: change('PATCH', json, kinds.jobs, '', pointed) },
  {
    name: 'merge patch of one config map',
    target: 5,
    requests: change('PATCH', merge, kinds.configMaps, '', (number) => ({ ...annotated(number), name: 'o0' })),
  },
  { name: 'list of 100 pods', target: 3, path: list(places.hundred) },
  { name: 'list of 500 pods', target: 3, path: list(places.fiveHundred) },
  { name: 'list of 500 pods, a chunk of 100', target: 3, path: chunks },
];

function deletions(target: Target, run: Run): Request[] {
  const path = collection(kinds.configMaps, places.made);
  return anew(target, ({ left }) => ({ method: 'DELETE', path: `${path}/${left.pop()}` }), run);
}
