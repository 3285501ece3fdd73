/** Field-by-field comparison of two servers' answers. */
import { type Answer, isRecord, type Json } from './exchange.ts';

export interface Difference {
  /** `2 GET /api/v1/nodes: body.items.0.metadata.name`: number of the answer, request, path. */
  readonly at: string;
  /** undefined: not there. */
  readonly real: Json | undefined;
  readonly simulated: Json | undefined;
}

/** All differences between the answers to the same requests; none when they are equal. */
export function compareAnswers(real: readonly Answer[], simulated: readonly Answer[]): Difference[] {
  const count = Math.max(real.length, simulated.length);
  return Array.from({ length: count }).flatMap((_, index) => {
    const [one, other] = [real[index], simulated[index]];
    const at = `${index + 1} ${one?.request ?? other?.request}`;
    if (!one || !other) return [{ at, real: one?.status, simulated: other?.status }];
    // Where the outcome differs, the rest of the answer only repeats it.
    if (one.status !== other.status)
      return [{ at: `${at}: status`, real: outcomeOf(one), simulated: outcomeOf(other) }];
    return [...compare(one.headers, other.headers, `${at}: headers`), ...compare(one.body, other.body, `${at}: body`)];
  });
}

function outcomeOf({ status, body }: Answer): Json {
  const message = isRecord(body) && body.kind === 'Status' ? body.message : body;
  return typeof message === 'string' ? `${status} ${message}` : `${status}`;
}

export function compare(real: Json | undefined, simulated: Json | undefined, at: string): Difference[] {
  if (Array.isArray(real) && Array.isArray(simulated)) {
    const count = Math.max(real.length, simulated.length);
    return Array.from({ length: count }).flatMap((_, index) =>
      compare(real[index] as Json | undefined, simulated[index] as Json | undefined, `${at}.${index}`),
    );
  }
  if (isRecord(real) && isRecord(simulated)) {
    const members = [...new Set([...Object.keys(real), ...Object.keys(simulated)])].sort();
    return members.flatMap((member) => compare(real[member], simulated[member], `${at}.${member}`));
  }
  return Object.is(real, simulated) || sameShape(real, simulated) ? [] : [{ at, real, simulated }];
}

/** Both empty lists, both null. */
function sameShape(real: Json | undefined, simulated: Json | undefined): boolean {
  return real !== undefined && simulated !== undefined && JSON.stringify(real) === JSON.stringify(simulated);
}

/** Three lines that a reader can act on. */
export function describeDifference({ at, real, simulated }: Difference): string {
  return `  ${at}\n    real       ${textOf(real)}\n    simulated  ${textOf(simulated)}`;
}

const LONGEST = 1200;

function textOf(value: Json | undefined): string {
  if (value === undefined) return '(not there)';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
