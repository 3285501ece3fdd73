/** What faults do to single requests: refuse them, let another writer come first, lose the answer. */
import type { HttpResponse } from '../../../world/network.ts';
import { type Backend, tableOf } from '../backend.ts';
import { ApiError, modifiedConflict } from '../errors.ts';
import type { ApiFaultOf } from './fault.ts';
import { type FaultSubject, isWrite } from './target.ts';

export interface FaultedRequest extends FaultSubject {
  /** undefined for lists and collections, and for creates. */
  readonly name: string | undefined;
}

/** Throws the refusal that a fault has for the request; a conflict's other writer has written when this returns. */
export function beforeRequest({ backend, request }: Context): void {
  if (backend.faults.isQuiet) return;
  const refused = backend.faults.strike('requests-refused', request);
  if (refused) throw refusalOf(refused);
  if (!['update', 'patch', 'delete'].includes(request.verb)) return;
  if (backend.faults.strike('write-conflicts', request)) comeFirst(backend, request);
}

/** The fault that takes the answer of this write, if one does: the write itself goes on. */
export function lostAnswer({ backend, request }: Context): ApiFaultOf<'answers-lost'> | undefined {
  return isWrite(request.verb) ? backend.faults.strike('answers-lost', request) : undefined;
}

interface Context {
  readonly backend: Backend;
  readonly request: FaultedRequest;
}

const reasons: Readonly<Record<number, string>> = {
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

const messages: Readonly<Record<number, string>> = {
  429: 'Too many requests, please try again later.',
  500: 'Internal error occurred: etcdserver: leader changed',
  503: 'the server is currently unable to handle the request',
  504: 'Timeout: request did not complete within the allotted timeout',
};

function refusalOf({ status, retryAfterSeconds }: ApiFaultOf<'requests-refused'>): ApiError {
  return statusError(status, retryAfterSeconds);
}

function statusError(code: number, retryAfterSeconds?: number): ApiError {
  const message = messages[code] ?? `the server answered ${code}`;
  return new ApiError(code, reasons[code] ?? '', message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}

/**
 * Writes the object as it is under a new version, as a status writer or an owner of managed fields would: who comes
 * with an older version gets 409 as ever. A patch loses five races on a real server before it is refused; here all at
 * once.
 */
function comeFirst(backend: Backend, { resource, namespace = '', name = '', verb }: FaultedRequest): void {
  const table = tableOf(backend, resource);
  const entry = table.get(namespace, name);
  if (!entry) return;
  table.write(namespace, name, { ...entry.object, metadata: { ...entry.object.metadata } });
  if (verb === 'patch') throw modifiedConflict(resource, name);
}

/** What a caller in process gets instead of the answer. */
export function lostAnswerError(how: ApiFaultOf<'answers-lost'>['how']): Error {
  if (how === 'error') return statusError(500);
  if (how === 'timeout') return statusError(504);
  return new Error('the connection was lost before the answer came');
}

/** The response of a request whose answer is lost: a refusal passes, since nothing was committed. */
export function losing(response: HttpResponse, how: ApiFaultOf<'answers-lost'>['how']): HttpResponse {
  let isLost = false;
  return {
    get headWritten() {
      return isLost || response.headWritten;
    },
    head(status, headers) {
      isLost = status < 300;
      if (!isLost) return response.head(status, headers);
      if (how === 'reset') response.reset();
      else if (how !== 'silence') sendStatus(response, lostAnswerError(how));
    },
    write: (chunk) => isLost || response.write(chunk),
    drained: () => (isLost ? Promise.resolve() : response.drained()),
    end: (body) => (isLost ? undefined : response.end(body)),
    reset: () => response.reset(),
  };
}

function sendStatus(response: HttpResponse, error: Error): void {
  if (!(error instanceof ApiError)) return response.reset();
  response.head(error.code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(error.status));
}
