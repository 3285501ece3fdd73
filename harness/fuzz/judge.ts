/** What no answer may be, whatever was asked. */
import type { FuzzRequest } from './requests.ts';

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** False: the client went away before its end. */
  readonly isWhole: boolean;
}

/** Reasons of a 501: the gateway was started without what is asked for, or the contract has it later. */
const withoutReasons = ['no-cluster', 'no-content', 'not-built'];

const leaks: readonly (readonly [RegExp, string])[] = [
  [/\n?\s+at (?:async )?[\w.<>#[\] ]+\(?(?:file:|node:|\/)[^\s)]*:\d+:\d+/, 'a stack trace'],
  [/node_modules|node:internal/, 'a place in Node.js'],
  [/\bfile:\/\/\/(?!etc\b)|(?<![\w.:/])\/(?:home|root|usr|var|tmp|Users|work|proc)\//, 'a path of the machine'],
  [/\b(?:fabric|simulator|harness|kubernetes|world)\/[\w/-]+\.ts\b/, 'a source file'],
  [/\b(?:TypeError|ReferenceError|RangeError|SqliteError|ERR_[A-Z_]+)\b/, 'an error of the machine'],
];

/**
 * What is wrong with an answer; empty when nothing is. `sent` is not held against it: a refusal may repeat what it was
 * given.
 */
export function faultsOf(request: FuzzRequest, answer: FuzzAnswer): string[] {
  const { status, headers, text } = answer;
  return [
    ...statusFaults(answer),
    ...(status >= 400 && request.method !== 'HEAD' ? errorFaults(answer) : []),
    ...leakFaults(request, `${text}\n${JSON.stringify(headers)}`),
  ];
}

function statusFaults({ status, text }: FuzzAnswer): string[] {
  if (status < 500) return [];
  if (status === 501 && withoutReasons.some((reason) => text === '' || text.includes(`"reason":"${reason}"`)))
    return [];
  return [`the status is ${status}: ${text.slice(0, 300)}`];
}

/** The form of contract 2.3. */
function errorFaults({ status, headers, text }: FuzzAnswer): string[] {
  if (headers['content-type'] !== 'application/json')
    return [`a refusal of the type ${String(headers['content-type'])}`];
  const body = parsed(text);
  if (body === undefined) return [`a refusal that is no JSON object: ${text.slice(0, 200)}`];
  if (Array.isArray(body.errors)) return [];
  const { success, message, code, details } = body;
  const isRight = success === false && typeof message === 'string' && message !== '' && code === status;
  const hasDetails = details === undefined || (Array.isArray(details) && details.every(isDetail));
  return isRight && hasDetails ? [] : [`a refusal of another form: ${text.slice(0, 300)}`];
}

function isDetail(detail: unknown): boolean {
  const { type, message, path } = (detail ?? {}) as Record<string, unknown>;
  return typeof type === 'string' && typeof message === 'string' && (path === undefined || Array.isArray(path));
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function leakFaults({ path, body, headers }: FuzzRequest, told: string): string[] {
  const sent = `${decoded(path)}\n${body?.toString() ?? ''}\n${JSON.stringify(headers)}`;
  return leaks.flatMap(([pattern, what]) => {
    const found = pattern.exec(told)?.[0];
    return found === undefined || sent.includes(found) ? [] : [`it tells ${what}: ${found.trim()}`];
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
