/** Faults of the Kubernetes API as documents, checked field by field. docs/faults.md lists them. */
import {
  type ApiFault,
  type ApiFaultKind,
  type ApiFaultTarget,
  apiFaultKinds,
  apiVerbs,
  cutForms,
  lostAnswerForms,
} from '../../simulator/apiserver/faults/fault.ts';
import type { Fields } from '../documents/fields.ts';

export function isApiFaultKind(kind: unknown): kind is ApiFaultKind {
  return apiFaultKinds.some((each) => each === kind);
}

/** What it returns counts only if `fields.end` does not throw. */
export function readApiFault(kind: ApiFaultKind, fields: Fields): ApiFault {
  if (kind === 'api-restart') return { kind, downMs: fields.wholeNumber('downMs', 0) };
  const target = targetOf(fields);
  switch (kind) {
    case 'stale-reads': {
      const reads = fields.has('reads') ? { reads: fields.oneOf('reads', ['cached', 'all']) } : {};
      return { ...target, kind, ...spanOf(fields), ...reads };
    }
    case 'watch-lag':
      return { ...target, kind, ...spanOf(fields) };
    case 'watch-cut':
      return { ...target, kind, ...spanOf(fields), how: fields.oneOf('how', cutForms) };
    case 'requests-refused': {
      const probability = probabilityOf(fields);
      const retry = fields.has('retryAfterSeconds')
        ? { retryAfterSeconds: fields.wholeNumber('retryAfterSeconds', 1) }
        : {};
      return { ...target, kind, status: fields.wholeNumber('status', 400, 599), probability, ...retry };
    }
    case 'answers-lost':
      return { ...target, kind, probability: probabilityOf(fields), how: fields.oneOf('how', lostAnswerForms) };
    default:
      return { ...target, kind, probability: probabilityOf(fields) };
  }
}

function probabilityOf(fields: Fields): number {
  return fields.has('probability') ? fields.probability('probability') : 1;
}

function targetOf(fields: Fields): ApiFaultTarget {
  return {
    ...fields.optionalText('caller'),
    ...(fields.has('verb') ? { verb: fields.oneOf('verb', apiVerbs) } : {}),
    ...fields.optionalText('resource'),
    ...fields.optionalText('namespace'),
  };
}

function spanOf(fields: Fields): { readonly minimumMs: number; readonly maximumMs: number } {
  const minimumMs = fields.wholeNumber('minimumMs', 0);
  return { minimumMs, maximumMs: fields.wholeNumber('maximumMs', minimumMs) };
}
