/** Faults of the Kubernetes API as JSON documents, checked field by field. docs/faults.md lists them. */
import {
  type ApiFault,
  type ApiFaultKind,
  type ApiFaultTarget,
  apiFaultKinds,
  apiVerbs,
  cutForms,
  lostAnswerForms,
} from '../../simulator/apiserver/faults/fault.ts';
import { type Document, number, oneOf, optionalText } from './fault-fields.ts';

export function isApiFaultDocument({ kind }: Document): boolean {
  return apiFaultKinds.some((each) => each === kind);
}

/** Throws a FaultFormatError. */
export function parseApiFault(document: Document): ApiFault {
  const kind: ApiFaultKind = oneOf(document, 'kind', apiFaultKinds);
  const target = targetOf(document);
  const probability = () => (document.probability === undefined ? 1 : number(document, 'probability', 0, 1));
  switch (kind) {
    case 'stale-reads': {
      const reads = document.reads === undefined ? {} : { reads: oneOf(document, 'reads', ['cached', 'all']) };
      return { ...target, kind, ...spanOf(document), ...reads };
    }
    case 'watch-lag':
      return { ...target, kind, ...spanOf(document) };
    case 'watch-cut':
      return { ...target, kind, ...spanOf(document), how: oneOf(document, 'how', cutForms) };
    case 'requests-refused': {
      const wait = document.retryAfterSeconds;
      const retry = wait === undefined ? {} : { retryAfterSeconds: number(document, 'retryAfterSeconds', 1) };
      return { ...target, kind, status: number(document, 'status', 400, 599), probability: probability(), ...retry };
    }
    case 'answers-lost':
      return { ...target, kind, probability: probability(), how: oneOf(document, 'how', lostAnswerForms) };
    case 'api-restart':
      return { kind, downMs: number(document, 'downMs', 0) };
    default:
      return { ...target, kind, probability: probability() };
  }
}

function targetOf(document: Document): ApiFaultTarget {
  return {
    ...optionalText(document, 'caller'),
    ...(document.verb === undefined ? {} : { verb: oneOf(document, 'verb', apiVerbs) }),
    ...optionalText(document, 'resource'),
    ...optionalText(document, 'namespace'),
  };
}

function spanOf(document: Document): { readonly minimumMs: number; readonly maximumMs: number } {
  const minimumMs = number(document, 'minimumMs', 0);
  return { minimumMs, maximumMs: number(document, 'maximumMs', minimumMs) };
}
