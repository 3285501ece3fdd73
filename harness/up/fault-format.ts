/** Faults as JSON documents, checked field by field. */
import type { NetworkFault } from '../../world/simulated/faults.ts';
import type { FabricService } from '../environments/environment.ts';

export type WantedFault = NetworkFault | { readonly kind: 'kill'; readonly service: FabricService };

export class FaultFormatError extends Error {
  override readonly name = 'FaultFormatError';
  readonly field: string;

  constructor(field: string, wanted: string, given: unknown) {
    super(`${field} must be ${wanted}, not ${JSON.stringify(given)}`);
    this.field = field;
  }
}

type Document = Readonly<Record<string, unknown>>;

const SERVICES: readonly FabricService[] = ['operator', 'gateway', 'content'];
const KINDS = ['latency', 'loss', 'reset', 'partition', 'refuse', 'status', 'slow-body', 'kill'] as const;

/** Throws a FaultFormatError. */
export function parseFault(document: Document): WantedFault {
  const target = { ...optionalText(document, 'from'), ...optionalText(document, 'to') };
  const kind = oneOf(document, 'kind', KINDS);
  switch (kind) {
    case 'latency': {
      const minimumMs = number(document, 'minimumMs', 0);
      return { ...target, kind, minimumMs, maximumMs: number(document, 'maximumMs', minimumMs) };
    }
    case 'loss':
      return {
        ...target,
        kind,
        probability: number(document, 'probability', 0, 1),
        side: oneOf(document, 'side', ['request', 'response']),
      };
    case 'status': {
      const retry =
        document.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: number(document, 'retryAfterSeconds', 0) };
      return { ...target, kind, status: number(document, 'status', 200, 599), ...retry };
    }
    case 'slow-body':
      return { ...target, kind, bytesPerSecond: number(document, 'bytesPerSecond', 1) };
    case 'kill':
      return { kind, service: oneOf(document, 'service', SERVICES) };
    default:
      return { ...target, kind };
  }
}

function optionalText(document: Document, field: string): Record<string, string> {
  const value = document[field];
  if (value === undefined) return {};
  if (typeof value !== 'string') throw new FaultFormatError(field, 'a text', value);
  return { [field]: value };
}

function number(document: Document, field: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
  const value = document[field];
  if (typeof value === 'number' && value >= minimum && value <= maximum) return value;
  throw new FaultFormatError(
    field,
    `a number from ${minimum}${maximum === Number.MAX_SAFE_INTEGER ? ' on' : ` to ${maximum}`}`,
    value,
  );
}

function oneOf<T extends string>(document: Document, field: string, words: readonly T[]): T {
  const value = document[field];
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new FaultFormatError(field, `one of ${words.join(', ')}`, value);
  return word;
}
