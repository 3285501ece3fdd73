/** Faults as documents, of scenarios and of the control API alike, checked field by field. */
import { type ApiFault, apiFaultKinds } from '../../simulator/apiserver/faults/fault.ts';
import type { NetworkFault } from '../../world/simulated/faults.ts';
import { DocumentError, Fields, isDocument } from '../documents/fields.ts';
import { type FabricService, fabricServices } from '../environments/environment.ts';
import { isApiFaultKind, readApiFault } from './api-faults.ts';

export type WantedFault = NetworkFault | ApiFault | { readonly kind: 'kill'; readonly service: FabricService };

const networkKinds = ['latency', 'loss', 'reset', 'partition', 'refuse', 'status', 'slow-body'] as const;
const otherKinds = [...networkKinds, 'kill'] as const;
/** What the field `kind` may say. */
export const faultKinds: readonly string[] = [...otherKinds, ...apiFaultKinds];

/** Throws a DocumentError that names each field that is unknown, missing, of another type or out of range. */
export function parseFault(document: unknown): WantedFault {
  if (!isDocument(document)) throw new DocumentError([{ field: 'a fault', message: 'must be an object with a kind' }]);
  const kindName = Object.hasOwn(document, 'kind') ? document.kind : undefined;
  const isKnown = isApiFaultKind(kindName) || otherKinds.some((each) => each === kindName);
  const fields = new Fields(isKnown ? document : { kind: kindName }, `a fault of kind ${String(kindName)}`);
  fields.has('kind');
  const fault = isApiFaultKind(kindName) ? readApiFault(kindName, fields) : readOther(fields);
  fields.end();
  return fault;
}

/** One that a scenario or a client injects and heals; a service is killed by its own verb. */
export function parseInjectedFault(document: unknown): NetworkFault | ApiFault {
  const fault = parseFault(document);
  if (fault.kind !== 'kill') return fault;
  const message = `of a service is no fault that heals: write when.dies('${fault.service}') and when.comesBack('${fault.service}')`;
  throw new DocumentError([{ field: 'kill', message }]);
}

function readOther(fields: Fields): WantedFault {
  const kind = fields.oneOf('kind', otherKinds, [...otherKinds, ...apiFaultKinds]);
  if (kind === 'kill') return { kind, service: fields.oneOf('service', fabricServices) };
  const target = { ...fields.optionalText('from'), ...fields.optionalText('to') };
  switch (kind) {
    case 'latency': {
      const minimumMs = fields.wholeNumber('minimumMs', 0);
      return { ...target, kind, minimumMs, maximumMs: fields.wholeNumber('maximumMs', minimumMs) };
    }
    case 'loss':
      return {
        ...target,
        kind,
        probability: fields.probability('probability'),
        side: fields.oneOf('side', ['request', 'response']),
      };
    case 'status': {
      const status = fields.wholeNumber('status', 200, 599);
      if (!fields.has('retryAfterSeconds')) return { ...target, kind, status };
      return { ...target, kind, status, retryAfterSeconds: fields.wholeNumber('retryAfterSeconds', 0) };
    }
    case 'slow-body':
      return { ...target, kind, bytesPerSecond: fields.wholeNumber('bytesPerSecond', 1) };
    default:
      return { ...target, kind };
  }
}
