/**
 * Sends requests to a target and judges every answer: no 5xx, refusals of one form, nothing of the machine told, and
 * the service alive after each.
 */
import fc from 'fast-check';
import { type FuzzAnswer, faultsOf } from './judge.ts';
import { type FuzzRequest, requestsOf } from './requests.ts';
import type { Target } from './target.ts';

export interface FuzzOptions {
  readonly target: Target;
  readonly requests: number;
  readonly seed: number;
  /** Told after each piece. */
  told?(sent: number): void;
}

export interface Fault {
  /** Its place in the sequence, from 1. */
  readonly number: number;
  readonly request: FuzzRequest;
  readonly what: string;
}

export interface Fuzzed {
  readonly sent: number;
  /** Answers by their status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Operations that were answered with success. */
  readonly succeeded: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

/** Requests that are drawn at once. */
const piece = 250;

export async function fuzz({ target, requests, seed, told }: FuzzOptions): Promise<Fuzzed> {
  const statuses = new Map<number, number>();
  const succeeded = new Set<string>();
  const faults: Fault[] = [];
  for (let sent = 0; sent < requests; sent += piece) {
    const arbitrary = requestsOf(target.document, target.knowledge);
    const drawn = fc.sample(arbitrary, { numRuns: Math.min(piece, requests - sent), seed: seed + sent });
    for (const [index, request] of drawn.entries()) {
      const { answer, found } = await asked(target, request);
      if (answer) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer && answer.status < 300) succeeded.add(request.operationId);
      faults.push(...found.map((what) => ({ number: sent + index + 1, request, what })));
    }
    await target.rest();
    faults.push(
      ...target
        .innerErrors()
        .map((what) => ({ number: sent + drawn.length, request: drawn.at(-1) as FuzzRequest, what })),
    );
    told?.(sent + drawn.length);
  }
  return { sent: requests, statuses, succeeded, faults };
}

async function asked(target: Target, request: FuzzRequest): Promise<{ answer?: FuzzAnswer; found: string[] }> {
  try {
    const answer = await target.send(request);
    const found = [...faultsOf(request, answer), ...target.describedFaults(request, answer), ...target.innerErrors()];
    if (!(await target.isAlive())) found.push('the service does not answer any more');
    return { answer, found };
  } catch (error) {
    return { found: [`no answer: ${error instanceof Error ? error.message : String(error)}`, ...target.innerErrors()] };
  }
}

/** A request as it can be sent again by hand. */
export function shownRequest({ method, path, headers, body, caller }: FuzzRequest): string {
  const shown = [
    `${method} ${path.slice(0, 400)} by ${caller}`,
    JSON.stringify(headers),
    body?.toString().slice(0, 600),
  ];
  return shown.filter((part) => part !== undefined).join(' ');
}
