/** Which statuses a route refuses with, by its form, and what they mean. Their body is always that of contract 2.3. */
import { z } from 'zod';
import type { Answer } from '../../openapi/operation.ts';
import { json } from '../../openapi/operation.ts';
import type { Route } from '../routes/route.ts';
import { problem } from '../schemas/answers/common.ts';

/** Of routes that ask the cluster: it refuses or does not answer, or this gateway has none. */
export const ofTheCluster: readonly number[] = [501, 502];
/** Of routes that ask managed content: it does not answer, or this gateway has none. */
export const ofContent: readonly number[] = [501, 502];

const meanings: Readonly<Record<number, string>> = {
  400: 'Something in path, query, headers or body is wrong: `details` says what, and where.',
  401: 'The token is missing, expired, or of nobody who is known here; X-Auth-Error says which.',
  403: 'It may not be asked: under this host, by this page or by this caller; or what it would delete is in use, and `details` says by what.',
  404: 'It is not there, or in a project that the caller may not see.',
  409: 'It does not go together with the state that things are in.',
  413: 'The body is too large.',
  416: 'The range lies behind the end.',
  501: 'This gateway was started without what the request needs.',
  502: 'What the request needs does not answer.',
};

/** In the order of their numbers. */
export function refusalsOf(route: Route): ReadonlyMap<number, Answer> {
  const statuses = [...new Set([...commonStatuses(route), ...(route.refuses ?? [])])].sort(
    (left, right) => left - right,
  );
  return new Map(
    statuses.map((status) => [status, { description: meaningOf(status), contents: json(bodyOf(status, route)) }]),
  );
}

function bodyOf(status: number, { wrong }: Route): z.ZodType {
  return status === 400 && wrong ? z.union([problem, wrong]) : problem;
}

/** Of all routes of this form. Under a wrong name, and as a page of another origin, none may be asked: 400 and 403. */
function commonStatuses({ audience, path, body, reads }: Route): number[] {
  return [
    400,
    403,
    ...(audience === 'anybody' || audience === 'runs' ? [] : [401]),
    ...(/[:*]/.test(path) ? [404] : []),
    ...(body || reads ? [413] : []),
  ];
}

function meaningOf(status: number): string {
  const meaning = meanings[status];
  if (meaning !== undefined) return meaning;
  throw new Error(`it is not said what the status ${status} means: add it to the table`);
}
