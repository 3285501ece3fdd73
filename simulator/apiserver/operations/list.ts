/** Lists: which version they show, selection, chunks. Source: semantics 1.5. */
import { quote } from '../../../cron/go-text.ts';
import { type Backend, tableOf } from '../backend.ts';
import { ApiError, badRequest, invalid, versionTooLarge } from '../errors.ts';
import { staleVersion, waitForVersionMs } from '../faults/reads.ts';
import type { FaultSubject } from '../faults/target.ts';
import { isRecord } from '../json.ts';
import type { Resource } from '../kinds/resource.ts';
import { objectTest, parseFieldSelector } from '../kinds/selectors.ts';
import { parseLabelSelector, type RequiredLabel } from '../selectors/label-selector.ts';
import { type Entry, keyOf } from '../storage/entry.ts';
import type { Table } from '../storage/table.ts';

export interface ListRequest {
  readonly resource: Resource;
  /** undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  /** Whom faults may answer with an older state; absent: nobody. */
  readonly reader?: FaultSubject;
}

/** Entries are in the resource's view. */
export interface ListResult {
  readonly entries: readonly Entry[];
  readonly version: number;
  readonly continue?: string;
  readonly remaining?: number;
}

/** What all objects that a request selects have in common. */
interface Common {
  readonly name: string | undefined;
  readonly label: RequiredLabel | undefined;
}

interface Token {
  readonly version: number;
  /** The next key is behind this one. */
  readonly after: string;
}

const expiredMessage =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** Entries of the resource in key order, as the request's version wants them. */
export async function listObjects(backend: Backend, request: ListRequest): Promise<ListResult> {
  const { resource } = request;
  const fields = parseFieldSelector(resource, request.fieldSelector);
  const labels = parseLabelSelector(request.labelSelector);
  const test = objectTest(labels, fields);
  checkMatch(request);
  const token = request.continue ? decodeToken(request) : undefined;
  const limit = request.resourceVersion === '0' ? 0 : (request.limit ?? 0);
  // A limited list tells of more to come when there are more objects, whether they match or not: it goes through all.
  const common = { name: fields?.name, label: limit === 0 ? labels?.required : undefined };
  const { entries, version } = await readAt(backend, request, token, common);
  const from = token ? firstBehind(entries, token.after) : 0;
  const page = takePage(view(resource, entries), from, limit, test && ((entry) => test(entry.object)));
  if (page.next === undefined) return { entries: page.taken, version };
  const last = entries[page.next - 1];
  const after = last ? keyOf(last.namespace, last.name) : '';
  const left = entries.length - page.next;
  return {
    entries: page.taken,
    version,
    continue: encodeToken({ version, after }),
    ...(test ? {} : { remaining: left }),
  };
}

function view(resource: Resource, entries: readonly Entry[]): readonly Entry[] {
  const { view: shape } = resource;
  return shape ? entries.map((entry) => viewOf(resource, entry)) : entries;
}

/** The entry in the shape of the resource. */
export function viewOf(resource: Resource, entry: Entry): Entry {
  return resource.view ? entry.view(resource, resource.view.fromStored) : entry;
}

function takePage(
  entries: readonly Entry[],
  from: number,
  limit: number,
  test: ((entry: Entry) => boolean) | undefined,
): { taken: readonly Entry[]; next?: number } {
  if (limit === 0 && from === 0) return { taken: test ? entries.filter(test) : entries };
  const taken: Entry[] = [];
  for (let index = from; index < entries.length; index++) {
    const entry = entries[index];
    if (!entry || (test && !test(entry))) continue;
    taken.push(entry);
    if (limit > 0 && taken.length === limit && index + 1 < entries.length) return { taken, next: index + 1 };
  }
  return { taken };
}

function firstBehind(entries: readonly Entry[], after: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry && keyOf(entry.namespace, entry.name) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function readAt(
  backend: Backend,
  request: ListRequest,
  token: Token | undefined,
  common: Common,
): Promise<{ entries: readonly Entry[]; version: number }> {
  const table = tableOf(backend, request.resource);
  const exact = token ? token.version : exactVersion(request);
  const asked = numberOf(request.resourceVersion);
  if (!token && asked !== undefined) await waitForVersion(backend, asked);
  if (exact === undefined || exact < 0) {
    const mayBeStale = exact === undefined && !backend.faults.isQuiet;
    const stale = mayBeStale ? await staleVersion(backend, request.reader, asked) : undefined;
    const old = stale === undefined ? undefined : table.listAt(stale, request.namespace);
    if (old && stale !== undefined) return { entries: old, version: stale };
    return { entries: candidates(table, request.namespace, common), version: backend.store.version };
  }
  const past = exact > backend.store.compacted ? table.listAt(exact, request.namespace) : undefined;
  if (past) return { entries: past, version: exact };
  if (!token) throw new ApiError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
  throw new ApiError(410, 'Expired', expiredMessage, undefined, {
    continue: encodeToken({ version: -1, after: token.after }),
  });
}

/** Everything that may be selected, and as little else as can be. */
function candidates(table: Table, namespace: string | undefined, { name, label }: Common): readonly Entry[] {
  if (name !== undefined) return table.named(name, namespace);
  if (label !== undefined) return table.labelled(label, namespace);
  return table.list(namespace);
}

/** undefined: the present state will do. */
function exactVersion(request: ListRequest): number | undefined {
  const asked = numberOf(request.resourceVersion);
  if (asked === undefined || asked === 0) return undefined;
  if (request.resourceVersionMatch === 'Exact') return asked;
  return request.resourceVersionMatch === undefined && (request.limit ?? 0) > 0 ? asked : undefined;
}

function numberOf(resourceVersion: string | undefined): number | undefined {
  if (resourceVersion === undefined || resourceVersion === '') return undefined;
  if (/^\d+$/.test(resourceVersion)) return Number(resourceVersion);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: ${quote(resourceVersion)}: strconv.ParseUint: parsing ${quote(resourceVersion)}: invalid syntax`,
  );
}

function checkMatch(request: ListRequest): void {
  const { resourceVersion, resourceVersionMatch: match, continue: token } = request;
  if (token && resourceVersion && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (match === undefined || match === '') return;
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    refuse(
      `Unsupported value: ${quote(match)}: supported values: "Exact", "NotOlderThan", ""`,
      'FieldValueNotSupported',
    );
  }
  const forbidden = (why: string) => refuse(`Forbidden: ${why}`, 'FieldValueForbidden');
  if (!resourceVersion) forbidden('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (token) forbidden('resourceVersionMatch is forbidden when continue is provided');
  if (match === 'Exact' && resourceVersion === '0') {
    forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
}

function refuse(message: string, reason: 'FieldValueForbidden' | 'FieldValueNotSupported'): never {
  throw invalid({ group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' }, '', [
    { reason, field: 'resourceVersionMatch', message },
  ]);
}

async function waitForVersion(backend: Backend, version: number): Promise<void> {
  if (version <= backend.store.version) return;
  const waiter = backend.store.reached(version);
  const patience = new AbortController();
  const late = backend.world.clock.sleep(waitForVersionMs, patience.signal).then(
    () => true,
    () => false,
  );
  const expired = await Promise.race([waiter.done.then(() => false), late]);
  waiter.cancel();
  patience.abort();
  if (!expired) return;
  throw versionTooLarge(version, backend.store.version);
}

/** Opaque to clients; in the shape of the real one. */
function encodeToken(token: Token): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.version, start: `${token.after}\u0000` });
  return Buffer.from(text).toString('base64url');
}

function decodeToken(request: ListRequest): Token {
  const { v, rv, start } = parseToken(request.continue ?? '');
  const refuse = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  if (v !== 'meta.k8s.io/v1') {
    throw refuse(`server does not recognize this encoded version ${JSON.stringify(v ?? '')}`);
  }
  if (typeof rv !== 'number' || rv === 0) {
    throw refuse('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  if (typeof start !== 'string' || start === '') {
    throw refuse('encoded start key empty (version meta.k8s.io/v1)');
  }
  return { version: rv, after: start.endsWith('\u0000') ? start.slice(0, -1) : start };
}

function parseToken(text: string): Readonly<Record<string, unknown>> {
  const bytes = Buffer.from(text, 'base64url');
  try {
    const token: unknown = JSON.parse(bytes.toString());
    return isRecord(token) ? token : {};
  } catch {
    const first = bytes.toString('latin1').charAt(0);
    const shown = /[ -~]/.test(first) ? first : `\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}`;
    const why =
      first === '' ? 'unexpected end of JSON input' : `invalid character '${shown}' looking for beginning of value`;
    throw badRequest(`invalid continue token: continue key is not valid: ${why}`);
  }
}
