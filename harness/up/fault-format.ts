/** Faults as JSON documents, checked field by field. */
import { type ApiFault, apiFaultKinds } from '../../simulator/apiserver/faults/fault.ts';
import type { NetworkFault } from '../../world/simulated/faults.ts';
import type { FabricService } from '../environments/environment.ts';
import { isApiFaultDocument, parseApiFault } from './api-fault-format.ts';
import { type Document, number, oneOf, optionalText } from './fault-fields.ts';

export type WantedFault = NetworkFault | ApiFault | { readonly kind: 'kill'; readonly service: FabricService };

const SERVICES: readonly FabricService[] = ['operator', 'gateway', 'content'];
const KINDS = ['latency', 'loss', 'reset', 'partition', 'refuse', 'status', 'slow-body', 'kill'] as const;

/** Throws a FaultFormatError. */
export function parseFault(document: Document): WantedFault {
  if (isApiFaultDocument(document)) return parseApiFault(document);
  const target = { ...optionalText(document, 'from'), ...optionalText(document, 'to') };
  const kind = oneOf(document, 'kind', KINDS, [...KINDS, ...apiFaultKinds]);
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
