/** Answers held to a description: whether an API answers what it says it does. For tests, and for the fuzz. */
import type { z } from 'zod';
import { jsonOrUndefined } from '../http/index.ts';
import type { Operation } from './operation.ts';

export interface Judged {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

export interface Held {
  /** The operation that a request is for; undefined when there is none. HEAD is GET without its body. */
  operationFor(method: string, url: string): Operation | undefined;
  /** What is wrong with an answer by the description; empty when nothing is. */
  answerFaults(judged: Judged): string[];
}

/** `problem`: what every refusal is that no operation describes. `takesSlashes`: places that slashes stand in raw. */
export function heldTo(all: readonly Operation[], problem: z.ZodType, takesSlashes?: RegExp): Held {
  const operations = all.map((operation) => ({ operation, pattern: patternOf(operation.path, takesSlashes) }));
  const operationFor = (method: string, url: string) => {
    const path = (url.split(/[?#]/)[0] ?? '').replace(/^\/+/, '/');
    const of = (each: string) =>
      operations.find(({ operation, pattern }) => operation.method === each && pattern.test(path))?.operation;
    return of(method) ?? (method === 'HEAD' ? of('GET') : undefined);
  };
  return {
    operationFor,
    answerFaults: (judged) => faultsOf(judged, operationFor(judged.method, judged.url), problem),
  };
}

function patternOf(path: string, takesSlashes?: RegExp): RegExp {
  const source = (takesSlashes ? path.replace(takesSlashes, '\u0001') : path)
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{\w+\}/g, '[^/]+')
    .replace('\u0001', '.+');
  return new RegExp(`^${source}$`, 's');
}

function faultsOf(judged: Judged, operation: Operation | undefined, problem: z.ZodType): string[] {
  const { method, status, contentType, text } = judged;
  if (method === 'HEAD' && text !== '') return ['an answer to HEAD has a body'];
  if (!operation) {
    if (status < 400) return [`it answers ${status}, and is not described`];
    return method === 'HEAD' ? [] : bodyFaults(problem, contentType, text);
  }
  const answer = operation.answers.get(status);
  if (!answer) return [`${operation.operationId} is not described to answer ${status}: ${text.slice(0, 200)}`];
  if (method === 'HEAD') return [];
  if (!answer.contents) return text === '' ? [] : [`${status} has a body that is not described: ${text.slice(0, 200)}`];
  const mediaType = (contentType ?? '').split(';')[0]?.trim() ?? '';
  const schema = answer.contents[mediaType] ?? answer.contents['*/*'];
  if (!schema) return [`${operation.operationId} is not described to answer ${contentType}`];
  return answer.contents['*/*'] || mediaType !== 'application/json' ? [] : bodyFaults(schema, contentType, text);
}

function bodyFaults(schema: z.ZodType, contentType: string | undefined, text: string): string[] {
  if (contentType !== 'application/json') return [`the content type is ${contentType}: ${text.slice(0, 200)}`];
  const json = jsonOrUndefined(text);
  if (json === undefined) return [`the body is no JSON: ${text.slice(0, 200)}`];
  const { error } = schema.safeParse(json);
  return (error?.issues ?? []).map(
    ({ path, message }) => `${path.map(String).join('.') || 'the body'}: ${message}, in ${text.slice(0, 300)}`,
  );
}
